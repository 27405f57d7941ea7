using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Completions;

/// <summary>
/// One job's answer as text, a piece at a time. The text is made here from token ids with the pinned vocabulary, so a
/// miner cannot send other words than the tokens it is paid for.
/// </summary>
/// <param name="choice">Which of the completion's answers, from 0.</param>
/// <param name="events">The job.</param>
/// <param name="promptTokens">Tokens of its prompt.</param>
/// <param name="lease">Counts its tokens.</param>
/// <param name="vocabulary">The model's.</param>
/// <param name="stops">Texts that end the answer.</param>
internal sealed class CompletionAnswer(
    int choice, IAsyncEnumerable<JobEvent> events, int promptTokens, KeyLease lease, Vocabulary vocabulary,
    ImmutableArray<string> stops)
{
    private readonly TokenText _text = new(vocabulary, stops);

    // Tokens with logProbs whose text is held back, because it may be the beginning of a stop text or half a character.
    private readonly Queue<AnswerToken> _held = [];
    private string _minerId = "";
    private int _uncountedPromptTokens = promptTokens;
    private bool _isOver;

    /// <summary>The answer's pieces; the last one, and no other, has the result.</summary>
    public async IAsyncEnumerable<AnswerPiece> ReadAsync()
    {
        await foreach (var step in events)
        {
            await lease.CountAsync(step, ref _uncountedPromptTokens);
            switch (step)
            {
                case JobPlaced placed:
                    _minerId = placed.MinerId;
                    break;
                case JobTokens tokens:
                    var piece = new AnswerPiece(choice, Append(tokens), Release(isEnd: false), null);
                    if (piece.SaysSomething)
                    {
                        yield return piece;
                    }

                    break;
                case JobResult result:
                    yield return new AnswerPiece(choice, _text.Finish(), Release(isEnd: true), result);
                    yield break;
            }
        }

        throw new InvalidOperationException("The job ended without a result.");
    }

    private string Append(JobTokens step)
    {
        var text = "";
        for (var i = 0; i < step.Tokens.Length; i++)
        {
            var piece = Append(step.Tokens[i], step.LogProbs.IsDefaultOrEmpty ? null : step.LogProbs[i]);
            text = text.Length == 0 ? piece : text + piece;
        }

        return text;
    }

    private string Append(int token, TokenLogProb? logProb)
    {
        if (_isOver)
        {
            throw new MinerFailedException(_minerId, "it went on after the end of its answer.");
        }

        var ends = vocabulary.IsEndOfGeneration(token);
        if (logProb is not null && !ends)
        {
            _held.Enqueue(new AnswerToken(vocabulary, token, _text.CharactersRead, logProb));
        }

        var text = _text.Append(token);
        _isOver = ends || _text.Stop is not null;
        return text;
    }

    /// <summary>The tokens whose text has begun to be given out; tokens of a stop text never are.</summary>
    private ImmutableArray<AnswerToken> Release(bool isEnd)
    {
        if (_held.Count == 0)
        {
            return [];
        }

        var released = ImmutableArray.CreateBuilder<AnswerToken>(_held.Count);
        while (_held.TryPeek(out var token) && (token.Offset < _text.CharactersGiven || (isEnd && _text.Stop is null)))
        {
            released.Add(_held.Dequeue());
        }

        return released.DrainToImmutable();
    }
}
