using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Streaming;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Streaming;

public sealed class StreamTimeTests : IAsyncLifetime
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();
    private InProcessTestCluster? _cluster;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(clock: _clock);
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
    }

    [Fact]
    public async Task Wait_LongerThanTheResponseTimeout_HeartbeatsKeepItAlive()
    {
        var grain = _cluster!.Client.GetGrain<IStreamGrain>("slow producer");
        await using var items = grain.OnSignal(1, "slow producer").GetAsyncEnumerator();
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await("slow producer started");

        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(ResponseTimeout * 0.6);
            await Signals.Until(
                () => _cluster.Silos[0].HasConsumerThatAskedAt(_clock.GetTimestamp()),
                "the question after a heartbeat");
        }

        Signals.Set("slow producer 0");
        Assert.True(await move.Within("an item after several response timeouts"));
    }

    [Fact]
    public async Task Consumer_AsksForNothingForTooLong_TheEnumerationEnds()
    {
        var grain = _cluster!.Client.GetGrain<IStreamGrain>("slow consumer");
        Signals.Set("slow consumer 0");
        await using var items = grain.OnSignal(2, "slow consumer").GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());

        _clock.Advance(ResponseTimeout * 2);

        await Signals.Await("slow consumer finally");
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => items.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Sweep_BeforeTheFirstQuestionIsTaken_LeavesTheEnumerationAlone()
    {
        var grain = _cluster!.Client.GetGrain<IStreamGrain>("just begun");
        await foreach (var _ in grain.Range(1, "just begun"))
        {
        }

        var services = _cluster.Silos[0].ServiceProvider;
        Assert.True(services.GetRequiredService<ActivationRegistry>().TryGet(grain.GetGrainId(), out var activation));
        var request = services.GetRequiredService<GrainManifestIndex>()
            .NewRequest(Encoding.UTF8.GetBytes(typeof(IStreamGrain).FullName!), "Range"u8);
        using var begun = new StreamProducer<int>(activation, Guid.NewGuid(), (StreamGrainRequest<int>)request!);
        activation.Host.Streams.Add(begun);

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        await grain.Plain().Within("a turn after those of the sweep");
        Assert.Contains(begun, activation.Host.Streams.Producers);
    }
}
