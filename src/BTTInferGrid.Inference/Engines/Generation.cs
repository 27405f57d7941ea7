using System.Collections.Immutable;
using System.Threading.Channels;

namespace BTTInferGrid.Inference;

/// <summary>One request on its way through the engine. Belongs to the decode thread once it is admitted.</summary>
internal sealed class Generation(EngineRequest request, TokenText text, TimeProvider time)
{
    // At most MaxTokens + 1 small items, so a reader that is slow, or gone, delays nobody.
    private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly long _queuedAt = time.GetTimestamp();
    private long _startedAt;
    private long _firstTokenAt;
    private volatile bool _abandoned;
    private int _outputTokens;

    public ChannelReader<EngineEvent> Events => _events.Reader;

    /// <summary>What is asked for: checked, and nobody else's.</summary>
    public EngineRequest Request => request;

    /// <summary>Penalties and biases; null when there are none.</summary>
    public LogitAdjustments? Adjustments { get; } = LogitAdjustments.For(request.Sampling, request.Prompt.Span);

    /// <summary>
    /// Its place among all requests, lower first: when it came, and what its priority is worth. Set by the queue.
    /// </summary>
    public long Order { get; set; }

    /// <summary>Cache tokens the request can come to occupy.</summary>
    public int CacheTokens => request.Prompt.Length + request.MaxTokens;

    /// <summary>llama.cpp's number for the sequence.</summary>
    public int Sequence { get; private set; } = -1;

    /// <summary>
    /// Tokens in the cache, and so the position of the next one. Invariant: Position + Scheduled &lt;= CacheTokens.
    /// </summary>
    public int Position { get; private set; }

    /// <summary>Tokens in the batch at hand.</summary>
    public int Scheduled { get; set; }

    /// <summary>Where in the batch at hand this request's logits will be; -1 for nowhere.</summary>
    public int LogitsIndex { get; set; } = -1;

    /// <summary>The token chosen last.</summary>
    public int LastToken { get; private set; }

    public bool ReadsPrompt => Position < request.Prompt.Length;

    /// <summary>Nobody reads the events any more.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>Called by the reader; the decode thread drops the request before its next step.</summary>
    public void Abandon() => _abandoned = true;

    public void Start(int sequence)
    {
        Sequence = sequence;
        _startedAt = time.GetTimestamp();
    }

    public void Advance()
    {
        Position += Scheduled;
        Scheduled = 0;
    }

    /// <summary>Takes the next token of the answer; true when it was the last.</summary>
    public bool Accept(TokenChoice choice, bool endsGeneration)
    {
        if (++_outputTokens == 1)
        {
            _firstTokenAt = time.GetTimestamp();
        }

        LastToken = choice.Token;
        var stops = request.StopTokens.Contains(choice.Token);
        var certain = stops ? "" : text.Append(choice.Token);
        StopReason? reason = text.Stop is not null ? StopReason.StopString
            : endsGeneration ? StopReason.EndOfGeneration
            : stops ? StopReason.StopToken
            : _outputTokens == request.MaxTokens ? StopReason.MaxTokens
            : null;
        if (reason is null)
        {
            Send(choice, certain);
            return false;
        }

        Send(choice, certain + text.Finish());
        _events.Writer.TryWrite(new EngineResult(
            reason.Value,
            text.Stop,
            request.Prompt.Length,
            _outputTokens,
            time.GetElapsedTime(_queuedAt, _startedAt),
            time.GetElapsedTime(_startedAt, _firstTokenAt),
            time.GetElapsedTime(_firstTokenAt)));
        _events.Writer.TryComplete();
        return true;
    }

    public void Fail(Exception cause) => _events.Writer.TryComplete(cause);

    private void Send(TokenChoice choice, string certain)
    {
        var tokens = ImmutableArray.Create(choice.Token);
        _events.Writer.TryWrite(choice.LogProbabilities is { } probabilities
            ? new EngineTokens(tokens, certain) { LogProbabilities = [probabilities] }
            : new EngineTokens(tokens, certain));
    }
}
