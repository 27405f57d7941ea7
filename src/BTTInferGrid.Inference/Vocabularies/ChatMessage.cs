namespace BTTInferGrid.Inference;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">
/// Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, or what else the model's template knows. Letters, digits,
/// <c>_</c> and <c>-</c>, at most 32 of them: a role becomes part of the template's own text.
/// </param>
/// <param name="Content">What is said. Any text; it cannot act as a control token.</param>
public sealed record ChatMessage(string Role, string Content);
