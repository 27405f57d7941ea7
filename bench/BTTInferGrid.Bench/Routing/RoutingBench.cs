using System.Globalization;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;

namespace BTTInferGrid.Bench.Routing;

/// <summary>
/// The routing table beside a scan of all miners: decisions per second of processor time, in turn, and the quality of what is
/// chosen in a simulated fleet. Each decision chooses a miner and writes its trace; as many jobs are under way as there are
/// miners, so that each decision changes the cost of two.
/// </summary>
internal static class RoutingBench
{
    public const string Usage = "usage: BTTInferGrid.Bench routing [rounds]";

    private const int MinerDecisions = 200_000_000;
    private const int MaxDecisions = 500_000;
    private const int SimulatedJobs = 100_000;
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000];

    public static void Run(IReadOnlyList<string> args)
    {
        var rounds = args is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
        Measure(rounds);
        Console.WriteLine();
        Simulate(rounds);
    }

    private static void Measure(int rounds)
    {
        Console.WriteLine("| miners | decisions/s, scan, median [min-max] | decisions/s, index | bytes per decision | index / scan |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var size in Sizes)
        {
            var scan = new Rates(Router.Scan(new Random(1)), size);
            var index = new Rates(Router.Index(new Random(1)), size);

            // The first round only warms up.
            for (var round = -1; round < rounds; round++)
            {
                scan.Run(Math.Min(MaxDecisions, MinerDecisions / size / 10), round >= 0);
                index.Run(MaxDecisions, round >= 0);
            }

            var ratios = index.PerSecond.Zip(scan.PerSecond, static (one, other) => one / other).ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {Percentiles.Of(scan.PerSecond).Spread("F0")} | {Percentiles.Of(index.PerSecond).Spread("F0")} | {index.Bytes:F0} | {Percentiles.Of(ratios).Spread("F1")} |"));
        }
    }

    private static void Simulate(int rounds)
    {
        Console.WriteLine("| miners | mean cost, index / scan, median [min-max] | mean time of a job, index / scan |");
        Console.WriteLine("|---|---|---|");
        foreach (var size in Sizes)
        {
            var costs = new List<double>();
            var times = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var jobs = Math.Min(SimulatedJobs, MinerDecisions / size / 2);
                var scan = RoutingSimulation.Run(Router.Scan(new Random(round)), size, jobs, round);
                var index = RoutingSimulation.Run(Router.Index(new Random(round)), size, jobs, round);
                costs.Add(index.Cost / scan.Cost);
                times.Add(index.Seconds / scan.Seconds);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {Percentiles.Of(costs).Spread("F4")} | {Percentiles.Of(times).Spread("F4")} |"));
        }
    }

    /// <summary>A table with a fleet, and how fast it was in each round.</summary>
    private sealed class Rates
    {
        private readonly Router _router;
        private readonly RouteRequest[] _jobs;
        private readonly Queue<(string MinerId, long CacheTokens)> _running = new();
        private readonly int _size;

        public Rates(Router router, int size)
        {
            var fleet = new RandomFleet(new Random(2));
            _router = router;
            _size = size;
            _jobs = [.. Enumerable.Range(0, 4096).Select(_ => fleet.Job())];
            for (var i = 0; i < size; i++)
            {
                router.Update(fleet.Miner(i));
            }
        }

        public List<double> PerSecond { get; } = [];

        public double Bytes { get; private set; }

        public void Run(int decisions, bool counts)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < decisions; i++)
            {
                var job = _jobs[i % _jobs.Length];
                var route = _router.Route(job) ?? throw new InvalidOperationException("No miner was chosen.");
                _running.Enqueue((route.Miner.MinerId, RoutingTable.CacheTokens(job)));
                if (_running.Count > _size)
                {
                    var (minerId, cacheTokens) = _running.Dequeue();
                    _router.Release(minerId, cacheTokens);
                }
            }

            if (counts)
            {
                PerSecond.Add(decisions / (Environment.CpuUsage.TotalTime - start).TotalSeconds);
                Bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)decisions;
            }
        }
    }
}
