using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>What the miners of one model do, in sum.</summary>
internal sealed class ModelLoad
{
    private static readonly int StateCount = Enum.GetValues<MinerState>().Length;
    private readonly long[] _miners = new long[StateCount];

    public long Running { get; private set; }

    public long Waiting { get; private set; }

    public long CacheTokens { get; private set; }

    public long CacheTokensInUse { get; private set; }

    public long MinersIn(MinerState state) => _miners[(int)state];

    /// <summary>Adds a miner; only those that are connected say what they do.</summary>
    public void Add(MinerStanding standing)
    {
        _miners[(int)standing.State]++;
        if (standing.State != MinerState.Gone)
        {
            Running += standing.Status.Running;
            Waiting += standing.Status.Waiting;
            CacheTokens += standing.Status.CacheTokens;
            CacheTokensInUse += standing.Status.CacheTokensInUse;
        }
    }
}
