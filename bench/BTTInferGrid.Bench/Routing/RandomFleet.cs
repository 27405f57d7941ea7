using System.Collections.Immutable;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Bench.Routing;

/// <summary>Miners and jobs drawn at random: of all sizes, fast at one thing or the other, dear or cheap.</summary>
internal sealed class RandomFleet(Random random)
{
    private static readonly int[] Contexts = [4096, 8192, 32768];
    private readonly ulong[][] _conversations = [.. Enumerable.Range(0, 256).Select(_ => Blocks(random, 64))];
    private long _jobs;

    /// <summary>A miner that gets jobs.</summary>
    public MinerStanding Miner(int number)
    {
        var (context, slots) = (Contexts[random.Next(Contexts.Length)], 1 << random.Next(7));
        return new(
            new MinerOffer(
                $"miner-{number}", "model", "profile", context, slots, "zen4", new MinerAsk(random.Next(1000), random.Next(5000))),
            MinerState.Active,
            "it passed the probe.",
            DateTimeOffset.UnixEpoch,
            new MinerSpeed(Between(100, 10_000), Between(5, 200)),
            new MinerStatus(0, 0, random.Next(4) * context, 0, false),
            new MinerStats(0, 0, random.Next(20) == 0 ? random.Next(3) : 0, 0));
    }

    /// <summary>A job, half of which go on with one of the conversations.</summary>
    public RouteRequest Job()
    {
        var prompt = (int)Between(16, 3000);
        var blocks = Math.Min(prompt / PromptPrefixes.BlockTokens, PromptPrefixes.MaxBlocks);
        var prefixes = random.Next(2) == 0
            ? Blocks(random, blocks)
            : _conversations[random.Next(_conversations.Length)][..blocks];
        return new RouteRequest($"job-{_jobs++}", "profile", prompt, (int)Between(16, 1000), ImmutableArray.Create(prefixes));
    }

    private static ulong[] Blocks(Random random, int count)
    {
        var blocks = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            blocks[i] = (ulong)random.NextInt64();
        }

        return blocks;
    }

    // Each factor is as likely as any other.
    private double Between(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
}
