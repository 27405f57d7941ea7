namespace BTTInferGrid.Inference;

/// <summary>
/// The engine met an error it cannot go on from: every request in it fails with this exception, and so does
/// <see cref="Engine.Completion"/>. Dispose the engine and load another.
/// </summary>
public sealed class EngineFailedException : Exception
{
    internal EngineFailedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
