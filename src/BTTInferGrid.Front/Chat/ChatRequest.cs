using BTTInferGrid.Front.Completions;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>A chat completion request, checked; the prompt is not yet tokens.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">How to answer it.</param>
internal sealed record ChatRequest(IReadOnlyList<ChatMessage> Messages, CompletionOptions Options);
