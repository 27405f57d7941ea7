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

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
