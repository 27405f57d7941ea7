using System.Collections.Concurrent;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Tests.Routing;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using static BTTInferGrid.Grains.Tests.Routing.Standings;

namespace BTTInferGrid.Grains.Tests.Miners;

public sealed class MinerPublisherTests(RoutingCluster cluster) : IClassFixture<RoutingCluster>, IAsyncLifetime
{
    private const int NotPublished = 2325;
    private const int PublishedAgain = 2326;
    private readonly EventLog _log = new();
    private readonly string _model = $"model-{Guid.NewGuid():N}";
    private MinerPublisher? _publisher;

    private MinerPublisher Publisher => _publisher ??= new MinerPublisher(cluster.Grains, TimeProvider.System, _log);

    public Task InitializeAsync() => Publisher.StartAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await Publisher.StopAsync(CancellationToken.None);
        Publisher.Dispose();
    }

    [Fact]
    public async Task Publish_GrainThatFails_WarnsOnceAndGoesOnUntilItWorks()
    {
        cluster.BrokenModel = _model;
        Publisher.Publish(Of("m", model: _model));
        await Poll.UntilAsync(() => Task.FromResult(cluster.Failures), static failures => failures >= 3, RoutingCluster.Patience);
        Publisher.Publish(Of("n", model: _model));

        cluster.BrokenModel = null;

        await cluster.WaitForAsync(_model, "m", MinerState.Active);
        await cluster.WaitForAsync(_model, "n", MinerState.Active);
        await Poll.UntilAsync(
            () => Task.FromResult(_log.Events.Contains(PublishedAgain)), static isLogged => isLogged, RoutingCluster.Patience);
        _log.Events.Should().Equal(NotPublished, PublishedAgain);
    }

    [Fact]
    public async Task Publish_MinerOfAnotherModelThanBefore_IsGoneThere()
    {
        Publisher.Publish(Of("m", model: _model));
        await cluster.WaitForAsync(_model, "m", MinerState.Active);

        Publisher.Publish(Of("m", model: $"{_model}-2"));

        (await cluster.WaitForAsync(_model, "m", MinerState.Gone)).Reason.Should().Be("it serves another model.");
        await cluster.WaitForAsync($"{_model}-2", "m", MinerState.Active);
    }

    [Fact]
    public async Task Publish_ManyMinersFromManyThreads_AllAreKnownInTheirLastState()
    {
        const int Miners = 200;
        await Parallel.ForAsync(0, Miners, (i, _) =>
        {
            Publisher.Publish(Of($"m-{i}", MinerState.Joining, model: _model));
            Publisher.Publish(Of($"m-{i}", MinerState.Probing, model: _model));
            Publisher.Publish(Of($"m-{i}", model: _model));
            return ValueTask.CompletedTask;
        });

        var grain = cluster.Grains.GetGrain<IModelGrain>(_model);
        await Poll.UntilAsync(grain.ActiveMiners, static active => active == Miners, RoutingCluster.Patience);
        (await grain.Miners()).Should().HaveCount(Miners);
    }

    private sealed class EventLog : ILogger<MinerPublisher>
    {
        public ConcurrentQueue<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Enqueue(eventId.Id);
    }
}
