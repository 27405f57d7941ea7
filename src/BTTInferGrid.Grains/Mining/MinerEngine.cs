using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Mining;

/// <summary>
/// The engine of this silo's miner and what it offers. It joins when the silo is up: loads the model, wakes the miner's
/// grain here, and offers to the model's grain. When the engine breaks it withdraws the offer.
/// </summary>
internal sealed partial class MinerEngine(
    IOptions<MinerOptions> options, LlamaLibrary library, IGrainFactory grains, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<MinerEngine>();
    private readonly MinerOptions _options = options.Value;
    private Engine? _engine;
    private MinerOffer? _offer;
    private Task _watch = Task.CompletedTask;

    public Engine Engine => _engine ?? throw NotJoined();

    public MinerOffer Offer => _offer ?? throw NotJoined();

    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        var profile = await ModelProfile.ReadAsync(_options.ModelFile, cancellationToken);
        _engine = Load();
        _offer = new MinerOffer(
            _options.MinerId,
            _options.Model,
            profile.Id,
            Math.Min(_options.ContextTokens, _engine.MaxRequestTokens));
        LogLoaded(_options.MinerId, _options.ModelFile, profile.Id);

        // The first call activates the grain on this silo, where the engine is.
        var offer = await grains.GetGrain<IMinerGrain>(_options.MinerId).Describe();
        await grains.GetGrain<IModelGrain>(_options.Model).Offer(offer);
        _watch = WithdrawOnFailureAsync(_engine);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
            await _watch;
        }
    }

    private Engine Load() => Engine.Load(
        library,
        _options.ModelFile,
        new EngineOptions
        {
            CacheTokens = _options.CacheTokens,
            MaxSequences = _options.MaxSequences,
            Threads = _options.Threads,
        },
        loggers.CreateLogger<Engine>());

    private async Task WithdrawOnFailureAsync(Engine engine)
    {
        try
        {
            await engine.Completion;
        }
        catch (EngineFailedException failure)
        {
            LogFailed(failure, _options.MinerId, _options.Model);
            await grains.GetGrain<IModelGrain>(_options.Model).Withdraw(_options.MinerId);
        }
    }

    private InvalidOperationException NotJoined() =>
        new($"Miner '{_options.MinerId}' has not joined: its engine is not loaded on this silo.");

    [LoggerMessage(2201, LogLevel.Information, "Miner {MinerId} loaded {ModelFile}, profile {Profile}")]
    private partial void LogLoaded(string minerId, string modelFile, string profile);

    [LoggerMessage(2202, LogLevel.Critical,
        "The engine of miner {MinerId} failed; it no longer serves {Model}. Restart this process")]
    private partial void LogFailed(Exception failure, string minerId, string model);
}
