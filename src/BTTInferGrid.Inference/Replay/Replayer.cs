using System.Collections.Immutable;
using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference;

/// <summary>
/// Computes answers again, to see whether their tokens are what the model and the seed give. One answer at a time, as a
/// single sequence in an empty cache, so nothing but the answer itself has a part in the result. Thread safe.
/// </summary>
/// <remarks>
/// All output tokens are known, so they are read like a prompt, many at a time: far cheaper than generating them.
/// </remarks>
public sealed partial class Replayer : IAsyncDisposable
{
    private readonly SerialWorker _worker;
    private readonly ReplayPass _pass;

    private Replayer(Vocabulary vocabulary, EngineContext context, ReplayOptions options)
    {
        Vocabulary = vocabulary;
        MaxTokens = vocabulary.TrainedContext > 0
            ? Math.Min(context.CacheTokens, vocabulary.TrainedContext)
            : context.CacheTokens;
        _pass = new ReplayPass(context, vocabulary);
        _worker = new SerialWorker("BTTInferGrid replay", options.QueueCapacity, _pass);
    }

    /// <summary>The vocabulary of the model. It lives as long as the replayer.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The most tokens, prompt and output together, of one replay.</summary>
    public int MaxTokens { get; }

    /// <summary>Loads a model for replays. Blocks while the weights are read.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="modelPath">The GGUF file that the answers are said to come from.</param>
    /// <param name="options">Size and limits.</param>
    /// <param name="logger">Receives the replayer's own events.</param>
    /// <exception cref="InvalidParameterException">An option is outside its range.</exception>
    /// <exception cref="ModelFileException">The file is missing, damaged, or of a kind that cannot generate.</exception>
    /// <exception cref="LlamaLibraryException">The context does not fit into memory.</exception>
    public static Replayer Load(
        LlamaLibrary library, string modelPath, ReplayOptions options, ILogger<Replayer> logger)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        options.Validate();
        var model = ModelHandle.LoadDecoder(modelPath);
        try
        {
            var vocabulary = new Vocabulary(model);
            var batch = options.EffectiveBatch(vocabulary.Size);
            var parameters = NativeMethods.ContextDefaults();
            parameters.Context = (uint)options.ContextTokens;
            parameters.Batch = parameters.MicroBatch = (uint)batch;
            parameters.MaxSequences = 1;
            parameters.MaxOutputs = parameters.MaxOutputsPerSequence = (uint)batch;
            parameters.Threads = parameters.BatchThreads = EngineOptions.ThreadsFor(options.Threads);
            var context = new EngineContext(library, model, parameters, vocabulary.Size);
            LogLoaded(logger, modelPath, context.CacheTokens, context.Capacity);
            return new Replayer(vocabulary, context, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Computes an answer again.</summary>
    /// <param name="request">The answer, and how it is said to have come about.</param>
    /// <param name="cancellationToken">Ends the replay before its next batch.</param>
    /// <returns>One entry for each output token, in order.</returns>
    /// <exception cref="InvalidParameterException">A field of the request is outside its range, or the grammar is invalid.</exception>
    /// <exception cref="RequestFailedException">The grammar cannot be followed: nothing can be said.</exception>
    /// <exception cref="RequestTooLargeException">Prompt and output exceed <see cref="MaxTokens"/>.</exception>
    /// <exception cref="InvalidLogitsException">The model gives no usable logits: nothing can be said.</exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="EngineStoppedException">The replayer was disposed.</exception>
    /// <exception cref="EngineFailedException">
    /// The computation failed; every later replay fails as well. Dispose it and load another.
    /// </exception>
    public Task<ImmutableArray<ReplayedPosition>> ReplayAsync(
        ReplayRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var checkedRequest = Checked(request);
        var grammar = request.Grammar is { } text
            ? new GrammarConstraint(GrammarConstraint.ParseGrammar(text), Vocabulary.Table, choices: 2)
            : null;
        return _worker.RunAsync(stop => _pass.Run(checkedRequest, grammar, stop), cancellationToken);
    }

    /// <summary>Ends the replay at hand and those that wait, then frees the memory.</summary>
    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    /// <summary>Checks the request by the rules that the engine has for the one that led to the answer.</summary>
    private ReplayRequest Checked(ReplayRequest request)
    {
        if (request.Output.IsEmpty)
        {
            throw new InvalidParameterException(nameof(ReplayRequest.Output), "empty", "at least one token");
        }

        if (request.Scope is null)
        {
            throw new InvalidParameterException(nameof(ReplayRequest.Scope), null, "given");
        }

        var original = RequestCheck.Checked(
            new EngineRequest
            {
                Prompt = request.Prompt,
                MaxTokens = request.Output.Length,
                Sampling = request.Sampling,
            },
            Vocabulary.Table,
            MaxTokens);
        var output = request.Output.ToArray();
        for (var i = 0; i < output.Length; i++)
        {
            if (!Vocabulary.Table.Contains(output[i]))
            {
                throw new InvalidParameterException(
                    $"{nameof(ReplayRequest.Output)}[{i}]", output[i], $"from 0 to {Vocabulary.Size - 1}");
            }
        }

        return request with { Prompt = original.Prompt, Output = output, Sampling = original.Sampling };
    }

    [LoggerMessage(EventId = 20, EventName = "ReplayerLoaded", Level = LogLevel.Information,
        Message = "Replayer for {Model}: cache of {CacheTokens} tokens, {BatchTokens} at a time")]
    private static partial void LogLoaded(ILogger logger, string model, int cacheTokens, int batchTokens);
}
