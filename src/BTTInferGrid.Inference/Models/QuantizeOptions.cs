namespace BTTInferGrid.Inference;

/// <summary>How <see cref="ModelQuantizer"/> works.</summary>
public sealed record QuantizeOptions
{
    /// <summary>
    /// Whether a source that is quantised already may be quantised again. The rounding of both then adds up, so the
    /// result is worse than one made from F16 or F32. Default false.
    /// </summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Whether a file at the target may be replaced. Default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>CPU threads: 1 to 512; 0 (the default) takes all processors.</summary>
    public int Threads { get; init; }
}
