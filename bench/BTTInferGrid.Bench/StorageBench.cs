using System.Diagnostics;
using System.Globalization;
using System.Net;
using BTTInferGrid.Grains.Clustering;
using BTTInferGrid.Grains.Storage;
using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace BTTInferGrid.Bench;

/// <summary>
/// Writes of 1 KiB of grain state per second, each acknowledged when it is on disk, by the stores of one machine and of several
/// silos. Each writer has a record of its own and waits for its write.
/// </summary>
internal static class StorageBench
{
    public const string Usage = "usage: BTTInferGrid.Bench storage [seconds]";

    private static readonly int[] Writers = [1, 8, 64];

    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var seconds = args is [var number] ? double.Parse(number, CultureInfo.InvariantCulture) : 5;
        Console.WriteLine("| store | writers | writes/s | p50, ms | p99, ms |");
        Console.WriteLine("|---|---|---|---|---|");
        using (var home = new TemporaryHome())
        {
            await MeasureAsync("SQLite", seconds, (silo, ports) => silo
                .UseLocalhostClustering(ports[0], ports[1])
                .AddSqliteGrainStorageAsDefault(Path.Combine(home.Path, "state.db")));
        }

        await using var server = await PostgresServer.CreateAsync();
        await MeasureAsync("PostgreSQL", seconds, (silo, ports) => silo
            .UsePostgresCluster(server.ConnectionString, new IPEndPoint(IPAddress.Loopback, ports[0]), ports[1]));
    }

    private static async Task MeasureAsync(string store, double seconds, Action<ISiloBuilder, int[]> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => configure(silo, FreePorts.Take(2)));
        using var host = builder.Build();
        await host.StartAsync();
        var storage = host.Services.GetRequiredService<IGrainStorage>();
        foreach (var writers in Writers)
        {
            // The first second only warms up.
            await WriteAsync(storage, writers, "warm", 1);
            var times = await WriteAsync(storage, writers, "measured", seconds);
            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {store} | {writers} | {times.Count / seconds:F0} | {At(times, 0.5):F1} | {At(times, 0.99):F1} |"));
        }

        await host.StopAsync();
    }

    private static async Task<List<double>> WriteAsync(IGrainStorage storage, int writers, string name, double seconds)
    {
        var begin = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var grain = GrainId.Create("bench", $"{name}/{writers}-{writer}");
            var state = new GrainState<byte[]> { State = new byte[1024] };
            var own = new List<double>();
            while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
            {
                var since = Stopwatch.GetTimestamp();
                await storage.WriteStateAsync("bench", grain, state);
                own.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }

            return own;
        })));
        return [.. times.SelectMany(static own => own)];
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min((int)(sorted.Count * share), sorted.Count - 1)];
}
