using System.Collections.Immutable;
using BTTInferGrid.Bench.Routing;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Routing;

/// <summary>The index chooses as a scan of all miners does.</summary>
public sealed class RoutingReferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(700)]
    public void Route_RandomFleetInMotion_FindsTheTwoThatAScanFinds(int miners)
    {
        var random = new Random(miners);
        var fleet = new RandomFleet(random);
        var options = new RoutingOptions();
        var table = new RoutingTable(options, new Random(1));
        var scan = new ScanTable(options, new Random(1));
        var running = new List<(string MinerId, long CacheTokens)>();
        for (var step = 0; step < 4000; step++)
        {
            var standing = Change(fleet.Miner(random.Next(miners)), random);
            table.Update(standing);
            scan.Update(standing);
            var job = Change(fleet.Job(), miners, random);

            var expected = scan.Compare(job);
            var route = table.Route(job, out var trace);

            Counts(trace).Should().Be(Counts(expected));
            trace.Finalists.Select(static one => one.Cost).Order().Should().Equal(expected.Finalists.Select(static one => one.Cost));
            if (route is not null)
            {
                scan.Take(job, route.Miner.MinerId);
                running.Add((route.Miner.MinerId, RoutingTable.CacheTokens(job)));
            }

            while (running.Count > 0 && random.Next(miners + 1) == 0)
            {
                var ended = random.Next(running.Count);
                table.Release(running[ended].MinerId, running[ended].CacheTokens);
                scan.Release(running[ended].MinerId, running[ended].CacheTokens);
                running.RemoveAt(ended);
            }
        }

        running.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Route_FleetUnderLoad_IsAsGoodAsAScan(int seed)
    {
        var scan = RoutingSimulation.Run(Router.Scan(new Random(seed)), 200, 5000, seed);

        var index = RoutingSimulation.Run(Router.Index(new Random(seed)), 200, 5000, seed);

        index.Cost.Should().BeInRange(0.98 * scan.Cost, 1.02 * scan.Cost);
        index.Seconds.Should().BeInRange(0.98 * scan.Seconds, 1.02 * scan.Seconds);
    }

    private static (int Known, int NotActive, int OtherProfile, int TooSmall, int Excluded, int Full) Counts(RouteTrace trace) =>
        (trace.Known, trace.NotActive, trace.OtherProfile, trace.TooSmall, trace.Excluded, trace.Full);

    // Now and then a miner leaves, or runs another profile.
    private static MinerStanding Change(MinerStanding standing, Random random) => random.Next(8) switch
    {
        0 => standing with { State = MinerState.Gone },
        1 => standing with { Offer = standing.Offer with { Profile = "other" } },
        _ => standing,
    };

    // Now and then a job needs much, nothing but a vector, or has tried some.
    private static RouteRequest Change(RouteRequest job, int miners, Random random) => random.Next(8) switch
    {
        0 => job with { MaxTokens = 8000 },
        1 => job with { MaxTokens = 0 },
        2 => job with { Profile = "other" },
        3 => job with { Excluded = [.. Enumerable.Range(0, random.Next(20)).Select(_ => $"miner-{random.Next(miners)}").Distinct()] },
        4 => job with { Prefixes = default(ImmutableArray<ulong>) },
        _ => job,
    };
}
