namespace BTTInferGrid.Inference;

/// <summary>How <see cref="ModelQuantizer"/> stores most of a model's weights.</summary>
public enum ModelQuantization
{
    /// <summary>16-bit floating point: 2 bytes a weight, and what other quantisations are best made from.</summary>
    F16 = 1,

    /// <summary>4 bits and a scale for every 32: about 0.56 bytes a weight.</summary>
    Q40 = 2,

    /// <summary>8 bits and a scale for every 32: about 1.06 bytes a weight, hardly worse than F16.</summary>
    Q80 = 7,

    /// <summary>4 bits in blocks of 256, some tensors 6: about 0.6 bytes a weight, the usual choice.</summary>
    Q4KM = 15,

    /// <summary>6 bits in blocks of 256: about 0.82 bytes a weight.</summary>
    Q6K = 18,
}
