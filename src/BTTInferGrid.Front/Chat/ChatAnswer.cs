using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>
/// One job's answer as text, a piece at a time. The text is made here from token ids with the pinned vocabulary, so a
/// miner cannot send other words than the tokens it is paid for.
/// </summary>
internal sealed class ChatAnswer : IAsyncDisposable
{
    private readonly IAsyncEnumerator<JobEvent> _events;
    private readonly Vocabulary _vocabulary;
    private readonly TokenText _tokenText;
    private string _minerId = "";
    private bool _isOver;
    private JobResult? _result;

    public ChatAnswer(IAsyncEnumerable<JobEvent> events, ServedModel model, ImmutableArray<string> stops)
    {
        _events = events.GetAsyncEnumerator();
        _vocabulary = model.Vocabulary;
        _tokenText = new TokenText(model.Vocabulary, stops);
    }

    /// <summary>The current piece; empty before the first and after the last.</summary>
    public string Text { get; private set; } = "";

    public int PromptTokens => Result.Usage.PromptTokens;

    public int CompletionTokens => Result.Usage.OutputTokens;

    public string FinishReason => Result.StopReason == Compute.StopReason.MaxTokens ? "length" : "stop";

    private JobResult Result => _result ?? throw new InvalidOperationException("The answer has not ended yet.");

    /// <summary>Waits for the next piece of text. False when the answer is over.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        Text = "";
        while (_result is null && await _events.MoveNextAsync())
        {
            switch (_events.Current)
            {
                case JobPlaced placed:
                    _minerId = placed.MinerId;
                    break;
                case JobTokens tokens:
                    Text = Append(tokens.Tokens);
                    break;
                case JobResult result:
                    _result = result;
                    Text = _tokenText.Finish();
                    break;
            }

            if (Text.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    private string Append(ImmutableArray<int> tokens)
    {
        var text = Append(tokens[0]);
        for (var i = 1; i < tokens.Length; i++)
        {
            text += Append(tokens[i]);
        }

        return text;
    }

    private string Append(int token)
    {
        if (_isOver)
        {
            throw new MinerFailedException(_minerId, "it went on after the end of its answer.");
        }

        var text = _tokenText.Append(token);
        _isOver = _tokenText.Stop is not null || _vocabulary.IsEndOfGeneration(token);
        return text;
    }

    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
