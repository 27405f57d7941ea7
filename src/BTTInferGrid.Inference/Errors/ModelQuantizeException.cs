namespace BTTInferGrid.Inference;

/// <summary>A model could not be quantised as asked.</summary>
public sealed class ModelQuantizeException : Exception
{
    internal ModelQuantizeException(string source, string target, string reason, Exception? cause = null)
        : base($"'{source}' was not quantised to '{target}': {reason}", cause)
    {
        SourcePath = source;
        TargetPath = target;
        Reason = reason;
    }

    /// <summary>The file that was to be quantised.</summary>
    public string SourcePath { get; }

    /// <summary>The file that was to be made.</summary>
    public string TargetPath { get; }

    /// <summary>Why it was not, and what to do.</summary>
    public string Reason { get; }
}
