using System.Diagnostics;
using System.Globalization;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Placing;

namespace BTTInferGrid.Bench;

/// <summary>
/// Decisions of the placement table per second: each chooses a miner for a prompt, half of which begin like an earlier one,
/// and each job ends 64 decisions later.
/// </summary>
internal static class PlacementBench
{
    public const string Usage = "usage: BTTInferGrid.Bench placement [rounds]";

    private const int Decisions = 200_000;
    private const int JobsAtOnce = 64;
    private const int PromptTokens = 512;
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000];

    public static void Run(IReadOnlyList<string> args)
    {
        var rounds = args is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
        Console.WriteLine("| miners | decisions/s, median [min-max] | bytes per decision |");
        Console.WriteLine("|---|---|---|");
        foreach (var size in Sizes)
        {
            var table = Fill(size);
            var requests = Requests();
            var rates = new List<double>();
            var bytes = 0.0;
            for (var round = -1; round < rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var watch = Stopwatch.StartNew();
                Place(table, requests, Decisions * 100 / Math.Max(100, size));

                // The first round only warms up.
                if (round >= 0)
                {
                    var count = (double)(Decisions * 100 / Math.Max(100, size));
                    rates.Add(count / watch.Elapsed.TotalSeconds);
                    bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {size} | {Percentiles.Of(rates).Spread("F0")} | {bytes:F0} |"));
        }
    }

    private static void Place(PlacementTable table, PlacementRequest[] requests, int count)
    {
        var running = new Queue<string>(JobsAtOnce);
        for (var i = 0; i < count; i++)
        {
            var placed = table.Place(requests[i % requests.Length], out _)
                ?? throw new InvalidOperationException("No miner was chosen.");
            running.Enqueue(placed.Miner.MinerId);
            if (running.Count == JobsAtOnce)
            {
                table.Release(running.Dequeue());
            }
        }

        while (running.TryDequeue(out var minerId))
        {
            table.Release(minerId);
        }
    }

    private static PlacementTable Fill(int miners)
    {
        var random = new Random(1);
        var table = new PlacementTable(new PlacementOptions(), random);
        for (var i = 0; i < miners; i++)
        {
            table.Update(new MinerStanding(
                new MinerOffer($"miner-{i}", "model", "profile", 8192, 32, "zen4", new MinerAsk(random.Next(1000), random.Next(1000))),
                MinerState.Active,
                "it passed the probe.",
                DateTimeOffset.UnixEpoch,
                new MinerSpeed(500 + random.Next(1000), 20 + random.Next(80)),
                default,
                default));
        }

        return table;
    }

    private static PlacementRequest[] Requests()
    {
        var random = new Random(2);
        var shared = random.GetItems(Enumerable.Range(0, 1000).ToArray(), PromptTokens / 2);
        return
        [
            .. Enumerable.Range(0, 4096).Select(i =>
            {
                var own = random.GetItems(Enumerable.Range(0, 1000).ToArray(), PromptTokens);
                int[] prompt = i % 2 == 0 ? own : [.. shared, .. own[..(PromptTokens / 2)]];
                return new PlacementRequest(
                    $"job-{i}", "profile", PromptTokens, 256, PromptPrefixes.Of("tenant", prompt));
            }),
        ];
    }
}
