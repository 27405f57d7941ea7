using System.Diagnostics.Metrics;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node;

/// <summary>The engine of this process, what it offers, and the count of its jobs. Thread safe.</summary>
public sealed partial class NodeEngine : IAsyncDisposable
{
    private readonly LlamaLibrary _library;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly NodeOptions _options;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _loadingEmbedder = new(1);
    private Engine? _engine;
    private Embedder? _embedder;
    private string? _profile;
    private int _jobs;

    /// <summary>An engine that is not loaded.</summary>
    /// <param name="options">What it serves.</param>
    /// <param name="library">llama.cpp.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="loggers">Makes the loggers.</param>
    public NodeEngine(
        IOptions<NodeOptions> options, LlamaLibrary library, IMeterFactory meters, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _library = library;
        _loggers = loggers;
        _logger = loggers.CreateLogger<NodeEngine>();
        Metrics = new EngineMetrics(meters, this);
    }

    /// <summary>The engine.</summary>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    public Engine Engine => _engine ?? throw NotLoaded();

    /// <summary>Its measurements.</summary>
    public EngineMetrics Metrics { get; }

    /// <summary>Id of the profile that it runs, <see cref="ModelProfile.Id"/>.</summary>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    public string Profile => _profile ?? throw NotLoaded();

    /// <summary>Most tokens, prompt and answer together, of one request.</summary>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    public int ContextTokens => _options.ContextTokens == 0
        ? Engine.MaxRequestTokens
        : Math.Min(_options.ContextTokens, Engine.MaxRequestTokens);

    /// <summary>Requests that it decodes together.</summary>
    public int Slots => _options.Engine.MaxSequences;

    /// <summary>Most jobs at the same time: those that run, and those in the queue.</summary>
    public int MaxJobs => _options.Engine.MaxSequences + _options.Engine.QueueCapacity;

    /// <summary>What computes: the GPU's back end in lower case, or the CPU's, such as <c>zen4</c>.</summary>
    public string Backend => _library.Gpu == GpuBackend.None ? _library.CpuBackend : _library.Gpu.ToString().ToLowerInvariant();

    /// <summary>What the engine does now; all zero while it is not loaded.</summary>
    public EngineStatus Status => _engine?.Status ?? default;

    /// <summary>Jobs that it has.</summary>
    public int Jobs
    {
        get
        {
            lock (_lock)
            {
                return _jobs;
            }
        }
    }

    /// <summary>Completes when the engine takes no more jobs.</summary>
    public Task Draining => _draining.Task;

    /// <summary>Completes when the engine takes no more jobs and the last one has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Reads and hashes the model's file and loads it.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidParameterException">An option of the engine is outside its range.</exception>
    /// <exception cref="ModelFileException">The file is not a model that can be loaded, or not the pinned one.</exception>
    /// <exception cref="LlamaLibraryException">The model does not fit into memory.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var profile = await ModelProfile.ReadAsync(_options.ModelFile, cancellationToken);
        profile.RequireFile(_options.ModelFile, _options.ModelSha256);
        _engine = Engine.Load(_library, _options.ModelFile, _options.Engine, _loggers.CreateLogger<Engine>());
        _profile = profile.Id;
        LogLoaded(_options.Model, _options.ModelFile, profile.Id);
    }

    /// <summary>The embedder, loaded on first use: most miners of chat models never need one.</summary>
    /// <exception cref="ModelFileException">The model gives no embeddings.</exception>
    /// <exception cref="LlamaLibraryException">It does not fit into memory.</exception>
    public async Task<Embedder> EmbedderAsync()
    {
        await _loadingEmbedder.WaitAsync();
        try
        {
            return _embedder ??= Embedder.Load(
                _library,
                _options.ModelFile,
                new EmbedderOptions { Threads = _options.Engine.Threads, Pooling = EmbeddingPooling.Mean },
                _loggers.CreateLogger<Embedder>());
        }
        finally
        {
            _loadingEmbedder.Release();
        }
    }

    /// <summary>Counts one job more. The caller then calls <see cref="EndJob"/> once, when all of the job is sent.</summary>
    /// <returns>False if the engine drains: the job must go elsewhere.</returns>
    public bool TryBeginJob()
    {
        lock (_lock)
        {
            if (_draining.Task.IsCompleted)
            {
                return false;
            }

            _jobs++;
            return true;
        }
    }

    /// <summary>Counts one job less.</summary>
    public void EndJob()
    {
        lock (_lock)
        {
            _jobs--;
            CompleteIfDrained();
        }
    }

    /// <summary>Takes no more jobs.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _draining.TrySetResult();
            CompleteIfDrained();
        }
    }

    /// <inheritdoc/>
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

    private void CompleteIfDrained()
    {
        if (_jobs == 0 && _draining.Task.IsCompleted)
        {
            _drained.TrySetResult();
        }
    }

    private static InvalidOperationException NotLoaded() => new("The engine is not loaded in this process.");

    [LoggerMessage(2201, LogLevel.Information, "Model {Model} loaded from {ModelFile}, profile {Profile}")]
    private partial void LogLoaded(string model, string modelFile, string profile);
}
