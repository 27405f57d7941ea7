using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Inputs;

namespace BTTInferGrid.Front.TextCompletions;

/// <summary>A text completion request, checked; the prompts are not yet all tokens.</summary>
/// <param name="Prompts">What to go on from.</param>
/// <param name="Options">How.</param>
internal sealed record TextCompletionRequest(IReadOnlyList<TextInput> Prompts, CompletionOptions Options);
