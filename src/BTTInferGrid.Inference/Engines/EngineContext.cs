using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>
/// A llama.cpp context with its threads and its batch. Only the decode thread touches it once it is made.
/// </summary>
internal sealed unsafe class EngineContext : IDisposable
{
    /// <summary>Fixed rather than left to llama.cpp, because it is a part of <see cref="ModelProfile"/>.</summary>
    public const bool FlashAttention = true;

    /// <summary>Tokens of a batch from which on attention on the CPU is computed in tiles.</summary>
    public const int TileRows = 64;

    private readonly ContextHandle _context;
    private readonly ThreadpoolHandle _threads;
    private readonly nint _pointer;
    private readonly nint _memory;
    private readonly int _vocabularySize;
    private readonly int _tileWidth;
    private LlamaBatch _batch;

    public EngineContext(LlamaLibrary library, ModelHandle model, EngineOptions options, int vocabularySize)
        : this(library, model, Parameters(options), vocabularySize)
    {
    }

    public EngineContext(LlamaLibrary library, ModelHandle model, ContextParams parameters, int vocabularySize)
    {
        parameters.FlashAttention = FlashAttention ? 1 : 0;
        parameters.UnifiedCache = 1;

        _vocabularySize = vocabularySize;
        var weights = model.DangerousGetHandle();
        _tileWidth = library.Gpu == GpuBackend.None ? NativeMethods.EmbeddingSize(weights) : 0;
        SharesPrefixes = NativeMethods.ModelIsRecurrent(weights) == 0 && NativeMethods.ModelIsHybrid(weights) == 0;
        _context = ContextHandle.Create(model, parameters);
        _pointer = _context.DangerousGetHandle();
        _memory = NativeMethods.Memory(_pointer);
        _threads = ThreadpoolHandle.Create(library, parameters.Threads);
        NativeMethods.AttachThreadpool(_pointer, _threads.DangerousGetHandle(), 0);
        Capacity = (int)NativeMethods.ContextBatch(_pointer);
        CacheTokens = (int)NativeMethods.ContextTokens(_pointer);
        _batch = NativeMethods.BatchCreate(Capacity, 0, 1);
    }

    /// <summary>Tokens a batch holds.</summary>
    public int Capacity { get; }

    /// <summary>Tokens the cache holds.</summary>
    public int CacheTokens { get; }

    /// <summary>
    /// Whether a sequence can begin with the cells of another. The state of recurrent models has no positions to part
    /// at.
    /// </summary>
    public bool SharesPrefixes { get; }

    /// <summary>Whether attention is computed in tiles when a batch fills one: on the CPU.</summary>
    public bool HasTiles => _tileWidth > 0;

    /// <summary>Tokens in the batch.</summary>
    public int Count => _batch.TokenCount;

    public void Clear() => _batch.TokenCount = 0;

    /// <summary>Adds a token to the batch and returns its index, by which <see cref="Logits"/> knows it.</summary>
    public int Add(int token, int position, int sequence, bool wantsLogits)
    {
        // llama_decode ends the process over a batch that is too long.
        var index = _batch.TokenCount;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
        _batch.Tokens[index] = token;
        _batch.Positions[index] = position;
        _batch.SequenceCounts[index] = 1;
        _batch.Sequences[index][0] = sequence;
        _batch.Outputs[index] = (sbyte)(wantsLogits ? 1 : 0);
        return _batch.TokenCount++;
    }

    /// <summary>How many of the tokens that a prompt finds in the cache it takes from there.</summary>
    /// <param name="found">Tokens it finds.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    public int CellsWorthSharing(int found, int tokens)
    {
        // Attention on the CPU costs tokens that fill no tile about ten times as much for every cell, so the short rest of
        // a long prompt is done sooner when what comes before it is read again up to a tile. To read a token costs about
        // as much as attention without tiles over a sixth of the embedding's width in cells.
        var left = tokens - found;
        var again = TileRows - left;
        return _tileWidth > 0 && again > 0 && found > again && 6L * left * found > (long)again * _tileWidth
            ? found - again
            : found;
    }

    /// <summary>Computes the batch.</summary>
    /// <returns>False when the cache has no room for it; the cache is then as before.</returns>
    /// <exception cref="EngineFailedException">
    /// The computation failed, and the state of the cache is unknown.
    /// </exception>
    public bool Decode()
    {
        var result = NativeMethods.Decode(_pointer, _batch);
        return result switch
        {
            0 => true,
            1 => false,
            _ => throw new EngineFailedException(
                $"llama_decode returned {result} for {Count} tokens: {LlamaLog.TakeLastError() ?? "no reason given"}"),
        };
    }

    /// <summary>The logits after the token at an index of the batch just computed. Valid until the next one.</summary>
    public ReadOnlySpan<float> Logits(int index)
    {
        var logits = NativeMethods.Logits(_pointer, index);
        return logits is not null
            ? new ReadOnlySpan<float>(logits, _vocabularySize)
            : throw new EngineFailedException($"llama.cpp has no logits at index {index} of the batch.");
    }

    /// <summary>How the outputs of a sequence become one vector, as llama.cpp numbers it; 0 for not at all.</summary>
    public int PoolingType => NativeMethods.PoolingType(_pointer);

    /// <summary>The pooled vector of a sequence of the batch just computed. Valid until the next one.</summary>
    public ReadOnlySpan<float> Embedding(int sequence, int size)
    {
        var embedding = NativeMethods.SequenceEmbedding(_pointer, sequence);
        return embedding is not null
            ? new ReadOnlySpan<float>(embedding, size)
            : throw new EngineFailedException($"llama.cpp has no embedding of sequence {sequence} of the batch.");
    }

    /// <summary>Frees all that the cache holds.</summary>
    public void RemoveAll() => NativeMethods.MemoryClear(_memory, 0);

    /// <summary>Frees what the cache holds of a sequence.</summary>
    public void Remove(int sequence) => NativeMethods.MemoryRemove(_memory, sequence, -1, -1);

    /// <summary>Lets an empty sequence begin with the first cells of another. Copies nothing.</summary>
    public void Share(int source, int target, int cells) =>
        NativeMethods.MemoryShare(_memory, source, target, 0, cells);

    public void Dispose()
    {
        NativeMethods.BatchFree(_batch);
        _batch = default;
        _context.Dispose();
        _threads.Dispose();
    }

    private static ContextParams Parameters(EngineOptions options)
    {
        var parameters = NativeMethods.ContextDefaults();
        parameters.Context = (uint)options.CacheTokens;
        parameters.Batch = parameters.MicroBatch = (uint)options.BatchTokens;
        parameters.MaxSequences = parameters.MaxOutputs = (uint)options.MaxSequences;
        parameters.Threads = parameters.BatchThreads = options.EffectiveThreads;
        return parameters;
    }
}
