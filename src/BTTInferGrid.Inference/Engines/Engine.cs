using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using BTTInferGrid.Grammars;
using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference;

/// <summary>A loaded model that answers many requests at once. Thread safe.</summary>
/// <remarks>
/// One thread of its own owns the native context: callers only hand over requests and read events, so disposing or
/// cancelling at any moment cannot free memory that a computation uses.
/// </remarks>
public sealed partial class Engine : IAsyncDisposable
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestQueue _queue;
    private readonly SequenceCache _cache;
    private readonly StepLoop _loop;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    private Engine(
        Vocabulary vocabulary, EngineContext context, EngineOptions options, ILogger logger, TimeProvider time)
    {
        Vocabulary = vocabulary;
        Context = context;
        _logger = logger;
        _time = time;
        _queue = new RequestQueue(options.MaxSequences + options.QueueCapacity);
        _cache = new SequenceCache(
            context,
            context.SharesPrefixes ? EngineOptions.MostSequences : options.MaxSequences,
            context.SharesPrefixes ? options.EffectiveRetainedTokens : 0,
            context.CacheTokens * options.Overcommit);
        _loop = new StepLoop(context, _cache, vocabulary.Table, options, _queue);
        CacheTokens = context.CacheTokens;
        MaxRequestTokens = vocabulary.TrainedContext > 0
            ? Math.Min(CacheTokens, vocabulary.TrainedContext)
            : CacheTokens;
        new Thread(Run) { IsBackground = true, Name = "BTTInferGrid decode" }.Start();
    }

    /// <summary>The vocabulary of the model. It lives as long as the engine.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Tokens the cache holds for all running requests together.</summary>
    public int CacheTokens { get; }

    /// <summary>
    /// The most tokens, prompt and output together, of one request: the cache, or what the model was trained for.
    /// </summary>
    public int MaxRequestTokens { get; }

    /// <summary>
    /// Ends when the engine has ended: successfully after <see cref="DisposeAsync"/>, with
    /// <see cref="EngineFailedException"/> when it died.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>What the engine is doing now.</summary>
    public EngineStatus Status => new(
        _loop.Requests.RunningNow,
        _queue.Waiting + _loop.Requests.PreemptedNow,
        _cache.Running, _cache.Retained, CacheTokens);

    /// <summary>The native side, which belongs to the decode thread.</summary>
    internal EngineContext Context { get; }

    /// <summary>Loads a model and starts its engine. Blocks while the weights are read.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="modelPath">A GGUF file of a model that generates text.</param>
    /// <param name="options">Size and limits.</param>
    /// <param name="logger">Receives the engine's own events.</param>
    /// <param name="time">Measures durations; null means the system's clock.</param>
    /// <exception cref="InvalidParameterException">An option is outside its range.</exception>
    /// <exception cref="ModelFileException">
    /// The file is missing, damaged, or of a kind that cannot generate.
    /// </exception>
    /// <exception cref="LlamaLibraryException">The context does not fit into memory.</exception>
    public static Engine Load(
        LlamaLibrary library,
        string modelPath,
        EngineOptions options,
        ILogger<Engine> logger,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        options.Validate();
        var model = ModelHandle.LoadDecoder(modelPath, new DevicePlacement(options.GpuLayers, options.Device));
        try
        {
            var vocabulary = new Vocabulary(model);
            var context = new EngineContext(library, model, options, vocabulary.Size);
            LogLoaded(logger, modelPath, context.CacheTokens, options.MaxSequences, context.Capacity);
            return new Engine(vocabulary, context, options, logger, time ?? TimeProvider.System);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Generates one answer. The request is checked here and queued when the first event is asked for.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Ends the answer within one step of the engine.</param>
    /// <returns>
    /// Tokens as they are chosen, then one <see cref="EngineResult"/>. Stop reading and the answer stops.
    /// </returns>
    /// <exception cref="InvalidParameterException">A field of the request is outside its range, or the grammar is invalid.</exception>
    /// <exception cref="RequestTooLargeException">The request could not run even on an idle engine.</exception>
    /// <remarks>
    /// Reading the events throws <see cref="EngineBusyException"/> when the queue is full,
    /// <see cref="InvalidParameterException"/> when <see cref="EngineRequest.Answered"/> goes on after its end or leaves the grammar,
    /// <see cref="EngineStoppedException"/>, <see cref="EngineFailedException"/>, or, for this request alone,
    /// <see cref="RequestFailedException"/> and <see cref="InvalidLogitsException"/>.
    /// </remarks>
    public IAsyncEnumerable<EngineEvent> GenerateAsync(
        EngineRequest request, CancellationToken cancellationToken = default)
    {
        var (checkedRequest, grammar) = Check(request);
        return ReadAsync(checkedRequest, grammar, cancellationToken);
    }

    /// <summary>Queues a request. For readers that take several tokens at once.</summary>
    /// <param name="request">What to generate.</param>
    /// <returns>The answer. Dispose it and the answer stops.</returns>
    /// <exception cref="InvalidParameterException">
    /// A field of the request is outside its range, or <see cref="EngineRequest.Answered"/> goes on after its end or leaves
    /// the grammar.
    /// </exception>
    /// <exception cref="GrammarException">The grammar cannot be used.</exception>
    /// <exception cref="RequestTooLargeException">The request could not run even on an idle engine.</exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="EngineStoppedException">The engine was disposed.</exception>
    /// <exception cref="EngineFailedException">The engine failed.</exception>
    public GenerationReader Start(EngineRequest request)
    {
        var (checkedRequest, grammar) = Check(request);
        return Start(checkedRequest, grammar);
    }

    /// <summary>
    /// Stops the engine: requests in it end with <see cref="EngineStoppedException"/>, then its memory is freed.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Stop();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private (EngineRequest Request, Grammar? Grammar) Check(EngineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var checkedRequest = RequestCheck.Checked(request, Vocabulary.Table, MaxRequestTokens);
        return (checkedRequest, request.Grammar is { } text ? GrammarConstraint.ParseGrammar(text) : null);
    }

    private GenerationReader Start(EngineRequest request, Grammar? grammar)
    {
        var generation = new Generation(
            request,
            request.WithText || request.Stop.Count > 0
                ? new TokenText(Vocabulary.Table, request.Stop, request.WithText)
                : null,
            grammar is null ? null : new GrammarConstraint(grammar, Vocabulary.Table),
            _time);
        if (Recall(generation))
        {
            generation.Complete();
        }
        else
        {
            _queue.Add(generation);
        }

        return new GenerationReader(generation, _queue);
    }

    private async IAsyncEnumerable<EngineEvent> ReadAsync(
        EngineRequest request, Grammar? grammar, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var answer = Start(request, grammar);
        while (await answer.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (answer.TryTake(out var token))
            {
                yield return new EngineTokens(ImmutableArray.Create(token.Token), token.Text)
                {
                    LogProbabilities = token.LogProbabilities is { } probabilities ? [probabilities] : [],
                };
            }
        }

        yield return answer.Result;
    }

    /// <summary>Brings the answer to where it is already; true if that is its end.</summary>
    private bool Recall(Generation generation)
    {
        var ended = false;
        foreach (var token in generation.Request.Answered.Span)
        {
            ended = generation.Recall(token, Vocabulary.Table.EndsGeneration(token));
        }

        return ended;
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            _loop.Run();
        }
        catch (Exception cause)
        {
            failure = cause as EngineFailedException
                ?? new EngineFailedException($"The engine died: {cause.Message}", cause);
            LogFailed(_logger, failure);
        }

        Func<Exception> ending = failure is null
            ? static () => new EngineStoppedException()
            : () => new EngineFailedException(failure.Message, failure);
        _queue.Close(ending);
        _loop.Requests.FailAll(ending);
        Context.Dispose();
        Vocabulary.Dispose();
        if (failure is null)
        {
            _completion.SetResult();
        }
        else
        {
            _completion.SetException(failure);
        }
    }

    [LoggerMessage(EventId = 10, EventName = "EngineLoaded", Level = LogLevel.Information,
        Message = "Engine for {Model}: cache of {CacheTokens} tokens, {Sequences} sequences, {BatchTokens} a step")]
    private static partial void LogLoaded(
        ILogger logger, string model, int cacheTokens, int sequences, int batchTokens);

    [LoggerMessage(EventId = 11, EventName = "EngineFailed", Level = LogLevel.Critical, Message = "The engine failed")]
    private static partial void LogFailed(ILogger logger, Exception cause);
}
