namespace BTTInferGrid.Inference;

/// <summary>The model's chat template is missing, unknown, or cannot express the conversation.</summary>
public sealed class ChatTemplateException : Exception
{
    internal ChatTemplateException(string message)
        : base(message)
    {
    }
}
