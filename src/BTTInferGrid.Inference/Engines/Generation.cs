using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace BTTInferGrid.Inference;

/// <summary>One request on its way through the engine. Belongs to the decode thread once it is admitted.</summary>
internal sealed class Generation
{
    // At most MaxTokens small items, so a reader that is slow, or gone, delays nobody.
    private readonly Channel<GeneratedToken> _made = Channel.CreateUnbounded<GeneratedToken>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly TokenText? _text;
    private readonly TimeProvider _time;
    private readonly List<int> _tokens;
    private readonly long _queuedAt;
    private int _cachedPromptTokens;
    private int _preemptions;
    private bool _hasStarted;
    private long _startedAt;
    private bool _hasToken;
    private long _firstTokenAt;
    private volatile bool _abandoned;
    private volatile bool _isWaiting = true;

    public Generation(EngineRequest request, TokenText? text, GrammarConstraint? grammar, TimeProvider time)
    {
        Request = request;
        Grammar = grammar;
        Adjustments = LogitAdjustments.For(request.Sampling, request.Prompt.Span);
        Commitment = request.Commitment is { } scope ? new CommitmentBuilder(scope) : null;
        _tokens = new List<int>(request.Prompt.Length + Math.Min(request.MaxTokens, 256));
        _tokens.AddRange(request.Prompt.Span);
        _text = text;
        _time = time;
        _queuedAt = time.GetTimestamp();
    }

    /// <summary>The tokens of the output that have not been read; complete when the answer is.</summary>
    public ChannelReader<GeneratedToken> Made => _made.Reader;

    /// <summary>What the answer amounts to; null until its last token is chosen.</summary>
    public EngineResult? Result { get; private set; }

    /// <summary>What is asked for: checked, and nobody else's.</summary>
    public EngineRequest Request { get; }

    /// <summary>Penalties and biases; null when there are none.</summary>
    public LogitAdjustments? Adjustments { get; }

    /// <summary>What is recorded of the output; null when nothing is.</summary>
    public CommitmentBuilder? Commitment { get; }

    /// <summary>What the output must match; null when it may be anything.</summary>
    public GrammarConstraint? Grammar { get; }

    /// <summary>
    /// Its place among all requests, lower first: when it came, and what its priority is worth. Set by the queue.
    /// </summary>
    public long Order { get; set; }

    /// <summary>The prompt and the output so far.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Tokens of the output so far.</summary>
    public int OutputTokens => _tokens.Count - Request.Prompt.Length;

    /// <summary>Tokens that may still be added to the output.</summary>
    public int OutputLeft => Request.MaxTokens - OutputTokens;

    /// <summary>Its cells in the cache; null while it does not run.</summary>
    public CachedSequence? Sequence { get; private set; }

    /// <summary>Tokens in the cache.</summary>
    public int Position => Sequence?.Length ?? 0;

    /// <summary>
    /// Tokens that are not in the cache: the last one, or also those before it that are still to be read.
    /// </summary>
    public int Pending => _tokens.Count - Position;

    /// <summary>Tokens in the batch at hand, at most <see cref="Pending"/>.</summary>
    public int Scheduled { get; set; }

    /// <summary>Where in the batch at hand this request's logits will be; -1 for nowhere.</summary>
    public int LogitsIndex { get; set; } = -1;

    /// <summary>Whether it waits for its turn: in the queue, or to go on after <see cref="Pause"/>.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Nobody reads the events any more.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>Called by the reader; the decode thread drops the request before its next step.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Begins, or goes on after <see cref="Pause"/>.</summary>
    public void Start(SequenceCache cache)
    {
        Sequence = cache.Open(Request.Tenant, _tokens);
        _isWaiting = false;
        if (!_hasStarted)
        {
            _hasStarted = true;
            _cachedPromptTokens = Math.Min(Sequence.Length, Request.Prompt.Length);
            _startedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Loses its cells; all that is not computed but chosen stays.</summary>
    public void Pause()
    {
        Sequence = null;
        _isWaiting = true;
        _preemptions++;
    }

    /// <summary>Takes a token of the answer that is made already; none is left out and none is sent.</summary>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="InvalidParameterException">The answer had ended, or its grammar forbids the token.</exception>
    public bool Recall(int token, bool endsGeneration)
    {
        if (Result is not null)
        {
            throw new InvalidParameterException(nameof(EngineRequest.Answered), token, "nothing after the end of the answer");
        }

        if (Grammar?.TryAccept(token) == false)
        {
            throw new InvalidParameterException(nameof(EngineRequest.Answered), token, "what the grammar allows");
        }

        Adjustments?.Observe(token);
        if (Take(token, endsGeneration, out _) is not { } reason)
        {
            return false;
        }

        _startedAt = _firstTokenAt = _time.GetTimestamp();
        Result = ResultOf(reason);
        return true;
    }

    /// <summary>Takes the next token of the answer; true when it was the last.</summary>
    public bool Accept(TokenChoice choice, bool endsGeneration)
    {
        if (!_hasToken)
        {
            _hasToken = true;
            _firstTokenAt = _time.GetTimestamp();
        }

        if (Take(choice.Token, endsGeneration, out var certain) is not { } reason)
        {
            Send(choice, certain);
            return false;
        }

        Send(choice, certain + _text?.Finish());
        Result = ResultOf(reason);
        return true;
    }

    /// <summary>Ends the answer, after what the request held has been given back.</summary>
    public void Complete() => _made.Writer.TryComplete();

    public void Fail(Exception cause) => _made.Writer.TryComplete(cause);

    /// <summary>Why the token ends the answer; null if it does not.</summary>
    private StopReason? Take(int token, bool endsGeneration, out string certain)
    {
        _tokens.Add(token);
        var stops = Request.StopTokens.Contains(token);
        certain = stops || _text is null ? "" : _text.Append(token);
        return _text?.Stop is not null ? StopReason.StopString
            : endsGeneration ? StopReason.EndOfGeneration
            : stops ? StopReason.StopToken
            : OutputTokens == Request.MaxTokens ? StopReason.MaxTokens
            : null;
    }

    private EngineResult ResultOf(StopReason reason) => new(
        reason,
        _text?.Stop,
        Request.Prompt.Length,
        _cachedPromptTokens,
        OutputTokens - Request.Answered.Length,
        _preemptions,
        _time.GetElapsedTime(_queuedAt, _startedAt),
        _time.GetElapsedTime(_startedAt, _firstTokenAt),
        _time.GetElapsedTime(_firstTokenAt))
    {
        Commitment = OutputTokens > Request.Answered.Length ? Commitment?.Build() : null,
    };

    private void Send(TokenChoice choice, string certain) =>
        _made.Writer.TryWrite(new GeneratedToken(choice.Token, certain, choice.LogProbabilities));
}
