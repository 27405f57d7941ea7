namespace BTTInferGrid.Inference;

/// <summary>One request could not be carried on; the engine and its other requests go on.</summary>
public sealed class RequestFailedException : Exception
{
    internal RequestFailedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
