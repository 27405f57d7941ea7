using BTTInferGrid.Grains.Routing;

namespace BTTInferGrid.Bench.Routing;

/// <summary>How well a table chose, on average over all jobs.</summary>
/// <param name="Cost">Cost of the chosen miner.</param>
/// <param name="Seconds">Time that the job took there.</param>
internal readonly record struct RoutingQuality(double Cost, double Seconds);

/// <summary>
/// A fleet under load: jobs come and end, more of them at some times than at others, and miners leave and come back. The
/// same seed gives every table the same fleet and the same jobs; how long a job takes is up to the miner that was chosen.
/// </summary>
internal static class RoutingSimulation
{
    private const double JobsPerMiner = 4;
    private const int JobsPerDeparture = 50;

    /// <summary>Routes jobs, and says how well.</summary>
    public static RoutingQuality Run(Router router, int miners, int jobs, int seed)
    {
        var random = new Random(seed);
        var fleet = new RandomFleet(random);
        var standings = Enumerable.Range(0, miners).Select(fleet.Miner).ToArray();
        Array.ForEach(standings, router.Update);
        var away = -1;
        var running = new PriorityQueue<(string MinerId, long CacheTokens), double>();
        var now = 0.0;
        double cost = 0, seconds = 0;
        for (var job = 0; job < jobs; job++)
        {
            if (job % JobsPerDeparture == 0)
            {
                if (away >= 0)
                {
                    router.Update(standings[away]);
                }

                away = random.Next(miners);
                router.Update(standings[away] with { State = Compute.MinerState.Gone });
            }

            // Load rises and falls three times.
            var wave = 0.55 - (0.45 * Math.Cos(job * 6 * Math.PI / jobs));
            while (running.Count >= wave * JobsPerMiner * miners && running.TryDequeue(out var ended, out now))
            {
                router.Release(ended.MinerId, ended.CacheTokens);
            }

            var request = fleet.Job();
            var chosen = (router.Route(request) ?? throw new InvalidOperationException("No miner was chosen.")).Trace.Finalists[0];
            cost += chosen.Cost;
            seconds += chosen.ExpectedSeconds;
            running.Enqueue((chosen.MinerId, RoutingTable.CacheTokens(request)), now + chosen.ExpectedSeconds);
        }

        return new RoutingQuality(cost / jobs, seconds / jobs);
    }
}
