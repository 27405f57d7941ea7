using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Mining;

/// <summary>The engine of this process's miner, and what it says of itself.</summary>
internal sealed partial class MinerEngine(IOptions<MinerOptions> options, LlamaLibrary library, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<MinerEngine>();
    private readonly MinerOptions _options = options.Value;
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _loadingEmbedder = new(1);
    private Engine? _engine;
    private Embedder? _embedder;
    private MinerOffer? _offer;

    public Engine Engine => _engine ?? throw NotLoaded();

    public MinerOffer Offer => _offer ?? throw NotLoaded();

    /// <summary>Completes when the miner takes no more jobs.</summary>
    public Task Draining => _draining.Task;

    public MinerStatus Status
    {
        get
        {
            var status = Engine.Status;
            return new MinerStatus(
                status.Running, status.Waiting, status.CacheTokens, status.RunningTokens, _draining.Task.IsCompleted);
        }
    }

    /// <summary>Reads and hashes the model's file and loads it.</summary>
    public async Task LoadAsync(string minerId, CancellationToken cancellationToken)
    {
        var profile = await ModelProfile.ReadAsync(_options.ModelFile, cancellationToken);
        profile.RequireFile(_options.ModelFile, _options.ModelSha256);
        _engine = Engine.Load(library, _options.ModelFile, _options.Engine, loggers.CreateLogger<Engine>());
        var most = _engine.MaxRequestTokens;
        _offer = new MinerOffer(
            minerId,
            _options.Model,
            profile.Id,
            _options.ContextTokens == 0 ? most : Math.Min(_options.ContextTokens, most),
            _options.Engine.MaxSequences,
            library.Gpu == GpuBackend.None ? library.CpuBackend : library.Gpu.ToString().ToLowerInvariant(),
            _options.Ask);
        LogLoaded(minerId, _options.ModelFile, profile.Id);
    }

    /// <summary>The embedder, which is loaded when it is first asked for: most miners of chat models never need one.</summary>
    public async Task<Embedder> EmbedderAsync()
    {
        await _loadingEmbedder.WaitAsync();
        try
        {
            return _embedder ??= Embedder.Load(
                library,
                _options.ModelFile,
                new EmbedderOptions { Threads = _options.Engine.Threads, Pooling = EmbeddingPooling.Mean },
                loggers.CreateLogger<Embedder>());
        }
        finally
        {
            _loadingEmbedder.Release();
        }
    }

    public void Drain() => _draining.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Drain();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_embedder is not null)
        {
            await _embedder.DisposeAsync();
        }
    }

    private static InvalidOperationException NotLoaded() => new("The miner's engine is not loaded in this process.");

    [LoggerMessage(2201, LogLevel.Information, "Miner {MinerId} loaded {ModelFile}, profile {Profile}")]
    private partial void LogLoaded(string minerId, string modelFile, string profile);
}
