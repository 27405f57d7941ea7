namespace BTTInferGrid.Inference;

/// <summary>A file is not a model that can be loaded here.</summary>
public sealed class ModelFileException : Exception
{
    internal ModelFileException(string path, string reason)
        : base($"'{path}' cannot be used as a model: {reason}")
    {
        Path = path;
        Reason = reason;
    }

    internal ModelFileException(string path, string field, long offset, string reason)
        : base($"'{path}' cannot be used as a model: '{field}' at byte {offset} {reason}")
    {
        Path = path;
        Field = field;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }

    /// <summary>
    /// The part of the file that is wrong, such as <c>llama.block_count</c>; null when it is the file as a whole.
    /// </summary>
    public string? Field { get; }

    /// <summary>Where <see cref="Field"/> is, in bytes from the start of the file; -1 when there is none.</summary>
    public long Offset { get; } = -1;
}
