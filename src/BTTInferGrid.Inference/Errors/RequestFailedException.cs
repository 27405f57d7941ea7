namespace BTTInferGrid.Inference;

/// <summary>One request could not be carried on; the engine and its other requests go on.</summary>
public sealed class RequestFailedException : Exception
{
    internal RequestFailedException(string? field, string message, Exception? cause = null)
        : base(message, cause) => Field = field;

    /// <summary>The field of <see cref="EngineRequest"/> that asks for what no engine can do; null if this engine is broken.</summary>
    public string? Field { get; }
}
