using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference;

/// <summary>A loaded model that turns texts into vectors of length 1. One call at a time. Thread safe.</summary>
public sealed partial class Embedder : IAsyncDisposable
{
    private readonly SerialWorker _worker;
    private readonly EmbeddingPass _pass;
    private readonly EmbedderOptions _options;

    private Embedder(Vocabulary vocabulary, EngineContext context, ModelHandle model, EmbedderOptions options)
    {
        _options = options;
        Vocabulary = vocabulary;
        Pooling = (EmbeddingPooling)context.PoolingType;
        Dimensions = NativeMethods.EmbeddingSize(model.DangerousGetHandle());
        MaxInputTokens = vocabulary.TrainedContext > 0
            ? Math.Min(context.Capacity, vocabulary.TrainedContext)
            : context.Capacity;
        _pass = new EmbeddingPass(context, vocabulary, options.BatchInputs, Dimensions);
        _worker = new SerialWorker("BTTInferGrid embeddings", options.QueueCapacity, _pass);
    }

    /// <summary>The vocabulary of the model. It lives as long as the embedder.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Dimensions { get; }

    /// <summary>How the vectors of an input's tokens become one.</summary>
    public EmbeddingPooling Pooling { get; }

    /// <summary>The longest input: a batch, or what the model was trained for.</summary>
    public int MaxInputTokens { get; }

    /// <summary>Loads a model for embeddings. Blocks while the weights are read.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="modelPath">A GGUF file.</param>
    /// <param name="options">Size and limits.</param>
    /// <param name="logger">Receives the embedder's own events.</param>
    /// <exception cref="InvalidParameterException">
    /// An option is outside its range, or no pooling is given and the model file names none.
    /// </exception>
    /// <exception cref="ModelFileException">
    /// The file is missing, damaged, or of a kind that gives no embeddings.
    /// </exception>
    /// <exception cref="LlamaLibraryException">The context does not fit into memory.</exception>
    public static Embedder Load(
        LlamaLibrary library, string modelPath, EmbedderOptions options, ILogger<Embedder> logger)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        options.Validate();
        var model = ModelHandle.LoadDecoder(modelPath);
        try
        {
            var vocabulary = new Vocabulary(model);
            var context = new EngineContext(library, model, Parameters(options), vocabulary.Size);
            try
            {
                CheckPooling(context.PoolingType, modelPath);
                var embedder = new Embedder(vocabulary, context, model, options);
                LogLoaded(logger, modelPath, embedder.Dimensions, embedder.Pooling, embedder.MaxInputTokens);
                return embedder;
            }
            catch
            {
                context.Dispose();
                throw;
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A text as the tokens of an input, with those that the model wants before and after it.</summary>
    /// <param name="text">Any text; it never yields a control token.</param>
    public int[] Encode(string text) => Vocabulary.EncodeInput(text);

    /// <summary>Computes the vectors of some inputs, many at a time.</summary>
    /// <param name="inputs">Tokens, from <see cref="Encode"/>; each of 1 to <see cref="MaxInputTokens"/>.</param>
    /// <param name="cancellationToken">Ends the call before its next batch.</param>
    /// <returns>One vector of length 1 for each input, in order.</returns>
    /// <exception cref="InvalidParameterException">Too many inputs, or one that is empty, too long or no tokens.</exception>
    /// <exception cref="RequestFailedException">The model's vector of an input is zero or not a number.</exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="EngineStoppedException">The embedder was disposed.</exception>
    /// <exception cref="EngineFailedException">
    /// The computation failed; every later call fails as well. Dispose it and load another.
    /// </exception>
    public Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<ReadOnlyMemory<int>> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var checkedInputs = Checked(inputs);
        return _worker.RunAsync(stop => _pass.Run(checkedInputs, stop), cancellationToken);
    }

    /// <summary>Ends the call at hand and those that wait, then frees the memory.</summary>
    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private static ContextParams Parameters(EmbedderOptions options)
    {
        var parameters = NativeMethods.ContextDefaults();

        // llama.cpp ends the process over a batch that it would have to cut where a model reads in both directions.
        parameters.Context = parameters.Batch = parameters.MicroBatch = (uint)options.BatchTokens;

        // It also does when this number does not divide the batch. A unified cache takes 256 sequences whatever it is.
        parameters.MaxSequences = 1;
        parameters.Threads = parameters.BatchThreads = EngineOptions.ThreadsFor(options.Threads);
        parameters.PoolingType = (int?)options.Pooling ?? -1;
        parameters.Embeddings = 1;
        return parameters;
    }

    private static void CheckPooling(int type, string modelPath)
    {
        if (type == 0)
        {
            throw new InvalidParameterException(
                nameof(EmbedderOptions.Pooling), null, $"given, because '{modelPath}' names none");
        }

        if (!Enum.IsDefined((EmbeddingPooling)type))
        {
            throw new ModelFileException(modelPath, $"its pooling is of type {type}, which gives no embedding");
        }
    }

    private int[][] Checked(IReadOnlyList<ReadOnlyMemory<int>> inputs)
    {
        if (inputs.Count < 1 || inputs.Count > _options.MaxInputs)
        {
            throw new InvalidParameterException(
                nameof(inputs), $"{inputs.Count} inputs", $"from 1 to {_options.MaxInputs} inputs");
        }

        var copies = new int[inputs.Count][];
        for (var i = 0; i < copies.Length; i++)
        {
            var tokens = copies[i] = inputs[i].ToArray();
            if (tokens.Length < 1 || tokens.Length > MaxInputTokens)
            {
                throw new InvalidParameterException(
                    $"{nameof(inputs)}[{i}]", $"{tokens.Length} tokens", $"from 1 to {MaxInputTokens} tokens");
            }

            foreach (var token in tokens)
            {
                if (!Vocabulary.Table.Contains(token))
                {
                    throw new InvalidParameterException(
                        $"{nameof(inputs)}[{i}]", token, $"tokens from 0 to {Vocabulary.Size - 1}");
                }
            }
        }

        return copies;
    }

    [LoggerMessage(EventId = 30, EventName = "EmbedderLoaded", Level = LogLevel.Information,
        Message = "Embedder for {Model}: {Dimensions} numbers, pooling {Pooling}, inputs of up to {InputTokens} tokens")]
    private static partial void LogLoaded(
        ILogger logger, string model, int dimensions, EmbeddingPooling pooling, int inputTokens);
}
