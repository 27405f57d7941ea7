using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>A core silo that serves links, and raw nodes for it. No node can make it fail inside: that is checked at the end.</summary>
public sealed class LinkGrid : IAsyncDisposable
{
    public const string Id = "grid-of-links";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _core;
    private readonly FailureLog _failures;

    private LinkGrid(WebApplication core, FailureLog failures)
    {
        _core = core;
        _failures = failures;
    }

    public Uri Url => new(_core.Urls.Single());

    public ServedModel Model => _core.Services.GetRequiredService<ModelCatalogue>().Find(TinyModel.Id)!;

    /// <summary>Records that its grains have written.</summary>
    public int Writes => _core.Services.GetRequiredService<WriteCounter>().Count;

    internal MinerSessions Sessions => _core.Services.GetRequiredService<MinerSessions>();

    public static async Task<LinkGrid> StartAsync(Action<LinkOptions>? configure = null)
    {
        var failures = new FailureLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(failures);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddLlama();
        builder.Services.AddSingleton<ModelCatalogue>();
        var ports = FreePorts.Take(2);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1]);
            silo.Configure<ClusterOptions>(static cluster => cluster.ClusterId = $"links-{Guid.NewGuid():N}");
            silo.AddMemoryGrainStorageAsDefault();
            CountWrites(silo.Services);
            silo.AddGrid();
            silo.AddGridLinks(options =>
            {
                options.Grid = Id;
                configure?.Invoke(options);
            });
        });
        var core = builder.Build();
        core.MapGridLinks();
        await core.Services.GetRequiredService<ModelCatalogue>().LoadAsync(
            core.Services.GetRequiredService<LlamaLibrary>(),
            [new CatalogueModel(TinyModel.Id, TinyModel.File, TinyModel.ContextTokens, 128, TinyModel.Probe)]);
        await core.StartAsync();
        return new LinkGrid(core, failures);
    }

    /// <summary>A node that has not sent anything yet.</summary>
    internal RawNode Dial(ECDsa? key = null, Metadata? headers = null) => new(this, key, headers);

    /// <summary>A node that the grid has welcomed.</summary>
    internal async Task<RawNode> WelcomeAsync(ECDsa? key = null)
    {
        var node = Dial(key);
        await node.ShakeHandsAsync();
        return node;
    }

    /// <summary>A node whose offer the grid has accepted.</summary>
    internal async Task<RawNode> JoinAsync(ECDsa? key = null)
    {
        var node = await WelcomeAsync(key);
        await node.OfferAsync();
        return node;
    }

    /// <summary>Waits until the grid has no session of a miner any more.</summary>
    public Task WaitForEndOfSessionAsync(string minerId) => Poll.UntilAsync(
        () => Task.FromResult(Sessions.Find(minerId)), static session => session is null, Patience);

    /// <summary>A job that asks the tiny model.</summary>
    public JobRequest Ask(int maxTokens = 8, int? topLogProbs = null, ImmutableArray<int> prompt = default) => new(
        TinyModel.Id, Model.Profile, Model.Vocabulary.Size, prompt.IsDefault ? [1, 2, 3] : prompt,
        new SamplingOptions(Temperature: 0), maxTokens, [], ClientSeed: null, Tenant: "tests", TopLogProbs: topLogProbs);

    /// <summary>Runs a job on one miner, as the grain of a job does.</summary>
    internal AttemptRun Attempt(string minerId, JobRequest job) => new(
        new AttemptPlan(minerId, job, Model.Vocabulary, [], default),
        stop => Sessions.Find(minerId)!.Generate(new GenerateRequest("job-1", job, 0, []), stop),
        new JobOptions(), TimeProvider.System, _core.Services.GetRequiredService<ProcessPauses>(), CancellationToken.None);

    public Task<MinerStanding?> StandingOfAsync(string minerId) =>
        _core.Services.GetRequiredService<IGrainFactory>().GetMiner(minerId).Standing();

    public Task StopAsync() => _core.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _core.StopAsync();
        await _core.DisposeAsync();
        if (!_failures.Entries.IsEmpty)
        {
            throw new InvalidOperationException($"The grid failed inside:\n{string.Join('\n', _failures.Entries)}");
        }
    }

    private static void CountWrites(IServiceCollection services)
    {
        var memory = services.Last(static service =>
            service.ServiceType == typeof(IGrainStorage) && "Default".Equals(service.ServiceKey));
        services.Remove(memory);
        services.AddSingleton<WriteCounter>();
        services.AddKeyedSingleton<IGrainStorage>("Default", (provider, key) => new CountingStorage(
            (IGrainStorage)memory.KeyedImplementationFactory!(provider, key), provider.GetRequiredService<WriteCounter>()));
    }

    private sealed class WriteCounter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class CountingStorage(IGrainStorage inner, WriteCounter writes) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.ReadStateAsync(stateName, grainId, grainState);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            writes.Add();
            return inner.WriteStateAsync(stateName, grainId, grainState);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.ClearStateAsync(stateName, grainId, grainState);
    }

    private sealed class FailureLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Entries.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>One grid with the default limits for the tests of a class.</summary>
public sealed class SharedLinkGrid : IAsyncLifetime
{
    public LinkGrid Grid { get; private set; } = null!;

    public async Task InitializeAsync() => Grid = await LinkGrid.StartAsync();

    public async Task DisposeAsync() => await Grid.DisposeAsync();
}
