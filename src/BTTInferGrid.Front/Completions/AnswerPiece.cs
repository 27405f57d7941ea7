using System.Collections.Immutable;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Completions;

/// <summary>The next piece of one of a completion's answers.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Text">Text that follows what came before, possibly none.</param>
/// <param name="Tokens">The tokens whose text that is, if their log-probabilities were asked for.</param>
/// <param name="Result">How the answer ended; null while it goes on.</param>
internal readonly record struct AnswerPiece(int Choice, string Text, ImmutableArray<AnswerToken> Tokens, JobResult? Result)
{
    public bool SaysSomething => Text.Length > 0 || Tokens.Length > 0;

    public string? FinishReason => Result?.StopReason switch
    {
        null => null,
        Compute.StopReason.MaxTokens => "length",
        _ => "stop",
    };
}
