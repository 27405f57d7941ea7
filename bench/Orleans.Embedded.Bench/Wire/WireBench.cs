using System.Diagnostics;
using Orleans.Embedded.Bench.Grains;

namespace Orleans.Embedded.Bench.Wire;

/// <summary>Calls and streams between two processes.</summary>
internal static class WireBench
{
    private const int WarmUpRounds = 2;
    private const int Calls = 30_000;
    private const int Concurrent = 64;
    private const int Items = 1_000_000;
    private const int YieldedItems = 100_000;

    public static async Task RunAsync(int rounds)
    {
        await using var silos = await TwoSilos.StartAsync();
        var grains = await silos.RemoteGrainsAsync(Concurrent);
        var rows = new Rows();
        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            rows.IsWarmUp = round < 0;
            await MeasureLatencyAsync(grains[0], rows);
            await MeasureRateAsync(
                silos, rows, "calls, 64 in flight", "calls/s", Calls * 4, () => Callers.CallAsync(grains, Calls * 4 / Concurrent));
            await MeasureRateAsync(
                silos, rows, "stream, producer never waits", "items/s", Items, () => Callers.TakeAsync(grains[0].Count(Items)));
            await MeasureRateAsync(
                silos, rows, "stream, producer yields before each item", "items/s", YieldedItems,
                () => Callers.TakeAsync(grains[0].CountYielding(YieldedItems)));
        }

        Console.Write(rows);
    }

    private static async Task MeasureLatencyAsync(IBenchGrain grain, Rows rows)
    {
        var times = new double[Calls];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await grain.Echo(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        var rate = Calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(times);
        rows.Add("call, 1 in flight, p50", "us", times[Calls / 2]);
        rows.Add("call, 1 in flight, p99", "us", times[Calls * 99 / 100]);
        rows.Add("calls, 1 in flight", "calls/s", rate);
    }

    private static async Task MeasureRateAsync(
        TwoSilos silos, Rows rows, string name, string unit, int count, Func<Task> load)
    {
        var processorTime = silos.ProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await load();
        rows.Add(name, unit, count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        rows.Add($"{name}: processor time of both", "ns", (silos.ProcessorTime - processorTime).TotalNanoseconds / count);
    }
}
