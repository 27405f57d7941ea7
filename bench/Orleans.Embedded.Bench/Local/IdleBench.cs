using System.Globalization;
using Orleans.Embedded.Bench.Grains;

namespace Orleans.Embedded.Bench.Local;

/// <summary>What an activation keeps of the managed heap when nothing is asked of it.</summary>
internal static class IdleBench
{
    private const int Activations = 100_000;

    public static async Task RunAsync()
    {
        await using var silo = await OneSilo.StartAsync();
        await ActivateAsync(silo.Grains, 0, 1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ActivateAsync(silo.Grains, 1_000, Activations);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Activations;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle activation: {bytes:F0} B of managed heap"));
    }

    private static async Task ActivateAsync(IGrainFactory grains, int firstKey, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await grains.GetGrain<IBenchGrain>(firstKey + i).Echo(i);
        }
    }
}
