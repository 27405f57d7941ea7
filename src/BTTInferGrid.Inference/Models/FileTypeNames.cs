namespace BTTInferGrid.Inference;

/// <summary>
/// The names of what <c>general.file_type</c> numbers: which quantisation most of a model's tensors have.
/// </summary>
internal static class FileTypeNames
{
    private static readonly string?[] Names =
    [
        "F32", "F16", "Q4_0", "Q4_1", null, null, null, "Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L",
        "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S",
        "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M", "IQ4_XS", "IQ1_M", "BF16", null, null, null, "TQ1_0", "TQ2_0",
        "MXFP4", "NVFP4", "Q1_0", "Q2_0",
    ];

    /// <summary>The name of a number; null when it has none.</summary>
    public static string? Of(int fileType) => Names[fileType];

    /// <summary>The name of what the file says, or else of the type that holds the most bytes.</summary>
    public static string Of(GgufMetadata metadata, IEnumerable<GgufTensor> tensors)
    {
        var said = metadata.Whole("general.file_type", 0, int.MaxValue);
        return (said < Names.Length ? Of((int)said) : null)
            ?? tensors.GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.Bytes))?.Key.Name
            ?? "none";
    }
}
