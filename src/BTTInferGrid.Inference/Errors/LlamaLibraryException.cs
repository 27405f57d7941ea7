namespace BTTInferGrid.Inference;

/// <summary>llama.cpp's libraries could not be loaded, or are not the release this binding is written for.</summary>
public sealed class LlamaLibraryException : Exception
{
    internal LlamaLibraryException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
