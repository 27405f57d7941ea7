using Orleans.Embedded.Tests.Networking;

namespace Orleans.Embedded.Tests.Allocations;

/// <summary>
/// Holds operations to the bytes pinned in <c>allocations.txt</c>. The tests run alone, because bytes of the whole process
/// are counted, and each measures until it is within its limit: what timers and the JIT compiler add does not come in every
/// round, what the operation costs does.
/// </summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Rounds = 20;
    private const int Calls = 5_000;
    private const int Items = 100_000;

    [Fact]
    public async Task LocalCall_StaysWithinItsBytes()
    {
        await using var cluster = await Clusters.StartAsync();
        var grain = cluster.Silos[0].GrainFactory().GetGrain<IProbeGrain>("allocations");

        await CheckAsync("local-call-task", Calls, () => CallAsync(grain));
        await CheckAsync("local-call-valuetask", Calls, async () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                await grain.Twice(i);
            }
        });
    }

    [Fact]
    public async Task TcpCall_StaysWithinItsBytes()
    {
        await using var cluster = await TcpCluster.StartAsync(silos: 1);
        var grain = cluster.Client.GetGrain<IProbeGrain>("allocations");

        await CheckAsync("tcp-call", Calls, () => CallAsync(grain));
    }

    [Fact]
    public async Task StreamItem_StaysWithinItsBytes()
    {
        await using var local = await Clusters.StartAsync();
        await using var tcp = await TcpCluster.StartAsync(silos: 1);

        await CheckAsync("local-stream-item", Items, () => ReadAsync(local.Silos[0].GrainFactory()));
        await CheckAsync("tcp-stream-item", Items, () => ReadAsync(tcp.Client));
    }

    [Fact]
    public async Task IdleActivation_KeepsItsBytes()
    {
        await using var cluster = await Clusters.StartAsync();
        var key = 0;
        await ActivateAsync();

        await CheckAsync("idle-activation", Calls, ActivateAsync, static () => GC.GetTotalMemory(forceFullCollection: true));

        async Task ActivateAsync()
        {
            for (var i = 0; i < Calls; i++)
            {
                await cluster.Client.GetGrain<IIdleGrain>($"idle {key++}", typeof(IdleGrain).FullName).Ping();
            }
        }
    }

    private static async Task CallAsync(IProbeGrain grain)
    {
        for (var i = 0; i < Calls; i++)
        {
            await grain.Plain();
        }
    }

    private static async Task ReadAsync(IGrainFactory grains)
    {
        await foreach (var _ in grains.GetGrain<IStreamGrain>("allocations").Range(Items, "allocations"))
        {
        }
    }

    private static Task CheckAsync(string operation, int count, Func<Task> run)
    {
        return CheckAsync(operation, count, run, static () => GC.GetTotalAllocatedBytes(precise: true));
    }

    private static async Task CheckAsync(string operation, int count, Func<Task> run, Func<long> bytes)
    {
        var limit = AllocationLimits.Of(operation);
        var least = double.MaxValue;
        for (var round = 0; round < Rounds && least > limit; round++)
        {
            var before = bytes();
            await run();
            least = Math.Min(least, (double)(bytes() - before) / count);
        }

        Assert.True(least <= limit, $"{operation}: {least:F1} bytes; allowed are {limit:F1}.");
    }
}
