using System.Collections.Frozen;

namespace BTTInferGrid.Inference;

/// <summary>
/// How a tensor's numbers are stored. Only formats that hold weights exist here: llama.cpp knows others for
/// intermediate results, and a model that stores weights in one of those ends the process when it computes.
/// </summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Name">Its name, such as <c>Q8_0</c>.</param>
/// <param name="BlockElements">Numbers in one block; a row is a whole number of blocks.</param>
/// <param name="BlockBytes">Bytes of one block.</param>
public sealed record GgufTensorType(uint Id, string Name, int BlockElements, int BlockBytes)
{
    private static readonly FrozenDictionary<uint, GgufTensorType> ById = new GgufTensorType[]
    {
        new(0, "F32", 1, 4), new(1, "F16", 1, 2), new(30, "BF16", 1, 2),
        new(2, "Q4_0", 32, 18), new(3, "Q4_1", 32, 20), new(6, "Q5_0", 32, 22), new(7, "Q5_1", 32, 24),
        new(8, "Q8_0", 32, 34),
        new(10, "Q2_K", 256, 84), new(11, "Q3_K", 256, 110), new(12, "Q4_K", 256, 144), new(13, "Q5_K", 256, 176),
        new(14, "Q6_K", 256, 210),
        new(16, "IQ2_XXS", 256, 66), new(17, "IQ2_XS", 256, 74), new(18, "IQ3_XXS", 256, 98),
        new(19, "IQ1_S", 256, 50), new(20, "IQ4_NL", 32, 18), new(21, "IQ3_S", 256, 110), new(22, "IQ2_S", 256, 82),
        new(23, "IQ4_XS", 256, 136), new(29, "IQ1_M", 256, 56),
        new(34, "TQ1_0", 256, 54), new(35, "TQ2_0", 256, 66),
        new(39, "MXFP4", 32, 17), new(40, "NVFP4", 64, 36), new(41, "Q1_0", 128, 18), new(42, "Q2_0", 64, 18),
    }.ToFrozenDictionary(type => type.Id);

    /// <summary>32-bit floating point.</summary>
    public static GgufTensorType F32 => ById[0];

    /// <summary>16-bit floating point.</summary>
    public static GgufTensorType F16 => ById[1];

    /// <summary>Brain floating point: the upper half of 32 bits.</summary>
    public static GgufTensorType BF16 => ById[30];

    /// <summary>8-bit integers in blocks of 32 that share a 16-bit scale.</summary>
    public static GgufTensorType Q80 => ById[8];

    /// <summary>Every type, by its number in the file.</summary>
    public static IReadOnlyDictionary<uint, GgufTensorType> All => ById;

    /// <summary>Whether the numbers are floating point and so carry no rounding of a quantisation.</summary>
    public bool IsFloat => BlockElements == 1;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
