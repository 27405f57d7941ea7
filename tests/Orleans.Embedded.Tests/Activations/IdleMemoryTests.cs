using Xunit.Abstractions;

namespace Orleans.Embedded.Tests.Activations;

/// <summary>Runs alone: it measures the memory of the process.</summary>
[CollectionDefinition(nameof(IdleMemoryTests), DisableParallelization = true)]
[Collection(nameof(IdleMemoryTests))]
public sealed class IdleMemoryTests(ITestOutputHelper output)
{
    private const int Activations = 5_000;
    private const int MostBytes = 1_500;

    [Fact]
    public async Task Idle_Activation_KeepsFewBytes()
    {
        await using var cluster = await Clusters.StartAsync();
        await ActivateAsync(cluster.Client, "warm up");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await ActivateAsync(cluster.Client, "measured");

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Activations;
        output.WriteLine($"{bytes} bytes per idle activation");
        Assert.InRange(bytes, 1, MostBytes);
    }

    private static async Task ActivateAsync(IGrainFactory grains, string name)
    {
        for (var i = 0; i < Activations; i++)
        {
            await grains.GetGrain<IIdleGrain>($"{name} {i}", typeof(IdleGrain).FullName).Ping();
        }
    }
}
