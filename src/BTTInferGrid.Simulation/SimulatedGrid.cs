using System.Collections.Concurrent;
using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains;
using BTTInferGrid.Grains.Clustering;
using BTTInferGrid.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace BTTInferGrid.Simulation;

/// <summary>
/// A grid in this process: silos with the grid's own grains on an Orleans cluster in memory, and miners that follow scripts in place of llama.cpp.
/// No network, no files. Silos have numbers, from 0 in the order in which they started; a number is never used again.
/// </summary>
public sealed class SimulatedGrid : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly SimulationOptions _options;
    private readonly InProcessTestCluster _cluster;
    private readonly List<InProcessSiloHandle?> _silos = [];
    private readonly ConcurrentBag<ScriptedMiner> _miners = [];
    private int _lastMiner;

    private SimulatedGrid(SimulationOptions options)
    {
        _options = options;
        var builder = new InProcessTestClusterBuilder(options.Silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(static host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) => Configure(silo));
        builder.ConfigureClient(static client => client.Configure<ClientMessagingOptions>(
            static messaging => messaging.ResponseTimeout = GridClusterOptions.ResponseTimeout));
        _cluster = builder.Build();
    }

    /// <summary>All miners that were added, also those that are not connected.</summary>
    public IReadOnlyCollection<ScriptedMiner> Miners => _miners;

    /// <summary>Numbers of the running silos.</summary>
    public IReadOnlyList<int> Silos => [.. Enumerable.Range(0, _silos.Count).Where(number => _silos[number] is not null)];

    /// <summary>The grid's grains, for a client outside the silos.</summary>
    public IGrainFactory Grains => _cluster.Client;

    private IModelGrain Model => Grains.GetGrain<IModelGrain>(SimulatedModel.Id);

    /// <summary>Starts a grid without miners.</summary>
    /// <param name="options">What it consists of; null for one silo with the defaults of a grid.</param>
    public static async Task<SimulatedGrid> StartAsync(SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Silos, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Silos, 64);
        var grid = new SimulatedGrid(options);
        await grid._cluster.DeployAsync();
        grid._silos.AddRange(grid._cluster.Silos);
        return grid;
    }

    /// <summary>Services of a silo, as a front in it would have them.</summary>
    /// <param name="silo">Number of the silo.</param>
    /// <exception cref="ArgumentException">It does not run.</exception>
    public IServiceProvider Services(int silo) => Handle(silo).ServiceProvider;

    /// <summary>Adds a miner. It gets jobs once it has passed its probe, see <see cref="WaitForAsync(ScriptedMiner, MinerState)"/>.</summary>
    /// <param name="script">What it does; null for an honest one without delay.</param>
    /// <param name="silo">Number of the silo that it connects to.</param>
    /// <param name="id">Id of the miner, such as that of another one; null for a new one.</param>
    /// <exception cref="RequestRefusedException">The grid does not want what it offers.</exception>
    public async Task<ScriptedMiner> AddMinerAsync(MinerScript? script = null, int silo = 0, string? id = null)
    {
        var miner = new ScriptedMiner(
            id ?? $"miner-{Interlocked.Increment(ref _lastMiner)}", script ?? new MinerScript(), _options.Clock);
        _miners.Add(miner);
        await ConnectAsync(miner, silo);
        return miner;
    }

    /// <summary>Adds miners, one silo after the other, and waits until all get jobs.</summary>
    /// <param name="count">How many; 0 or more.</param>
    /// <param name="script">What the miner of each number, from 0, does; null for honest ones without delay.</param>
    public async Task<IReadOnlyList<ScriptedMiner>> AddMinersAsync(int count, Func<int, MinerScript>? script = null)
    {
        var silos = Silos;
        var active = await Model.ActiveMiners() + count;
        var miners = await Task.WhenAll(Enumerable.Range(0, count).Select(
            number => AddMinerAsync(script?.Invoke(number), silos[number % silos.Count])));
        await UntilAsync(Model.ActiveMiners, now => now >= active, $"{active} miners are active");
        return miners;
    }

    /// <summary>Connects a miner again, to the same silo or to another. An open session of it elsewhere is replaced.</summary>
    /// <param name="miner">The miner.</param>
    /// <param name="silo">Number of the silo.</param>
    /// <exception cref="RequestRefusedException">The grid does not want what it offers.</exception>
    public async Task ConnectAsync(ScriptedMiner miner, int silo)
    {
        ArgumentNullException.ThrowIfNull(miner);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await miner.ConnectAsync(silo, Services(silo), limit.Token);
    }

    /// <summary>Runs a job, see <see cref="IJobGrain.Run"/>.</summary>
    /// <param name="request">What to generate, such as <see cref="SimulatedModel.Ask"/>.</param>
    /// <param name="silo">Number of the silo whose front it comes from; null for a client outside the silos.</param>
    /// <param name="jobId">Id of the job; null for a new one.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    public IAsyncEnumerable<JobEvent> RunAsync(
        JobRequest request, int? silo = null, string? jobId = null, CancellationToken cancellationToken = default)
    {
        var streams = silo is { } number ? Services(number).GetRequiredService<IJobStreams>() : new ClusterJobStreams(Grains, TimeProvider.System);
        return streams.Run(jobId ?? $"{Guid.NewGuid():N}", request, cancellationToken);
    }

    /// <summary>Runs a job to its end.</summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    public async Task<JobRun> RunToEndAsync(
        JobRequest request, int? silo = null, string? jobId = null, CancellationToken cancellationToken = default)
    {
        jobId ??= $"{Guid.NewGuid():N}";
        var (tokens, miners) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<string>());
        var begun = _options.Clock.GetTimestamp();
        TimeSpan? first = null;
        JobResult? result = null;
        await foreach (var step in RunAsync(request, silo, jobId, cancellationToken))
        {
            switch (step)
            {
                case JobPlaced placed:
                    miners.Add(placed.MinerId);
                    break;
                case JobTokens made:
                    first ??= _options.Clock.GetElapsedTime(begun);
                    tokens.AddRange(made.Tokens);
                    break;
                case JobResult end:
                    result = end;
                    break;
            }
        }

        var duration = _options.Clock.GetElapsedTime(begun);
        return new JobRun(jobId, tokens.ToImmutable(), miners.ToImmutable(), result!, first ?? duration, duration);
    }

    /// <summary>What happened to a job; null if that is not known, or no longer.</summary>
    /// <param name="jobId">Id of the job.</param>
    public Task<JobTrace?> TraceAsync(string jobId) => Grains.GetGrain<IJobGrain>(jobId).Trace();

    /// <summary>The miners that routing knows.</summary>
    public Task<ImmutableArray<MinerStanding>> StandingsAsync() => Model.Miners();

    /// <summary>Waits until what routing knows of a miner is so.</summary>
    /// <param name="miner">The miner.</param>
    /// <param name="holds">What to wait for.</param>
    /// <exception cref="TimeoutException">It is not so after 30 seconds.</exception>
    public async Task<MinerStanding> WaitForAsync(ScriptedMiner miner, Func<MinerStanding, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(miner);
        var standing = await UntilAsync(
            async () => (await StandingsAsync()).FirstOrDefault(one => one.Offer.MinerId == miner.Id),
            one => one is not null && holds(one), $"miner '{miner.Id}' is as awaited");
        return standing!;
    }

    /// <summary>Waits until a miner is in a state.</summary>
    /// <inheritdoc cref="WaitForAsync(ScriptedMiner, Func{MinerStanding, bool})" path="/exception"/>
    /// <param name="miner">The miner.</param>
    /// <param name="state">The state.</param>
    public Task<MinerStanding> WaitForAsync(ScriptedMiner miner, MinerState state) =>
        WaitForAsync(miner, standing => standing.State == state);

    /// <summary>Starts another silo.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> AddSiloAsync()
    {
        _silos.Add(await _cluster.StartAdditionalSiloAsync());
        return _silos.Count - 1;
    }

    /// <summary>Stops a silo as an operator does: its miners end their jobs and leave, then it leaves the cluster.</summary>
    /// <param name="silo">Number of the silo.</param>
    public async Task StopSiloAsync(int silo)
    {
        var handle = Handle(silo);
        await Task.WhenAll(MinersOf(silo).Select(miner => miner.LeaveAsync(_options.StopTimeout)));
        _silos[silo] = null;
        await _cluster.StopSiloAsync(handle);
    }

    /// <summary>
    /// Stops a silo without a farewell: sessions and jobs on it break off. It still leaves the list of silos by itself, which a process that is
    /// killed does not; how a cluster finds out about that takes processes to test.
    /// </summary>
    /// <param name="silo">Number of the silo.</param>
    public async Task KillSiloAsync(int silo)
    {
        var handle = Handle(silo);
        _silos[silo] = null;
        await Task.WhenAll(MinersOf(silo).Select(static miner => miner.DisconnectAsync()).Append(_cluster.KillSiloAsync(handle)));
    }

    /// <summary>Where a grain is active, as the silos themselves have it; null if it is not.</summary>
    /// <param name="grain">The grain.</param>
    /// <returns>Number of the silo.</returns>
    public async Task<int?> FindAsync(IAddressable grain)
    {
        var id = grain.GetGrainId();
        var active = await Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        var address = active.FirstOrDefault(one => one.GrainId == id)?.SiloAddress;
        var number = _silos.FindIndex(silo => silo is not null && silo.SiloAddress.Equals(address));
        return number < 0 ? null : number;
    }

    /// <summary>Ends all miners and silos.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_miners.Select(static miner => miner.DisconnectAsync()));
        await _cluster.DisposeAsync();
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds, string awaited)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"After {Patience.TotalSeconds:0} s it is not so that {awaited}. The last answer: {answer}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton(GridClockAttribute.Name, _options.Clock);
        silo.Services.AddSingleton(_ =>
        {
            var catalogue = new ModelCatalogue();
            catalogue.Add(new ServedModel(
                new CatalogueModel(SimulatedModel.Id, File: "", _options.ContextTokens, DefaultMaxTokens: 128), SimulatedModel.Profile,
                SimulatedModel.Vocabulary));
            return catalogue;
        });
        silo.Configure<SiloMessagingOptions>(static messaging => messaging.ResponseTimeout = GridClusterOptions.ResponseTimeout);
        silo.AddMemoryGrainStorageAsDefault();
        silo.AddGrid();
        silo.Services.Configure(_options.Routing ?? (static _ => { }));
        silo.Services.Configure(_options.Jobs ?? (static _ => { }));
        silo.Services.Configure(_options.Miners ?? (static _ => { }));
        _options.Silo?.Invoke(silo);
    }

    private IEnumerable<ScriptedMiner> MinersOf(int silo) => _miners.Where(miner => miner.Silo == silo && miner.IsConnected);

    private InProcessSiloHandle Handle(int silo) =>
        (silo >= 0 && silo < _silos.Count ? _silos[silo] : null)
        ?? throw new ArgumentException($"Silo {silo} does not run; there are {string.Join(", ", Silos)}.", nameof(silo));
}

/// <summary>A job that has ended.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Tokens">The answer.</param>
/// <param name="Miners">The miners that it was placed on, in order; more than one if the first were lost.</param>
/// <param name="Result">How it ended, and the counts of the whole answer.</param>
/// <param name="FirstToken">From the start to the first token, by the grid's clock.</param>
/// <param name="Duration">From the start to the end, by the grid's clock.</param>
public sealed record JobRun(
    string JobId, ImmutableArray<int> Tokens, ImmutableArray<string> Miners, JobResult Result, TimeSpan FirstToken, TimeSpan Duration);
