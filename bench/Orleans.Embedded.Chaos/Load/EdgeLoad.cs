using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>Callers of the grains of edge silos, through a client of the cluster: a call, and a short stream.</summary>
internal sealed class EdgeLoad(IGrainFactory grains, IReadOnlyList<string> identities, int callersPerEdge, int seed)
    : CallLoad(identities.Count * callersPerEdge, identities.Count, seed)
{
    private const int Items = 10;
    private long _numbers;
    private long _wrong;

    /// <summary>How many answers were not those of the call.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    protected override async Task CallAsync(int target)
    {
        var grain = grains.GetGrain<IEchoGrain>(identities[target]);
        var number = Interlocked.Increment(ref _numbers);
        var isRight = await grain.Echo(number) == number;
        var items = 0;
        await foreach (var item in grain.Count(Items))
        {
            isRight &= item == items++;
        }

        if (!isRight || items != Items)
        {
            Interlocked.Increment(ref _wrong);
        }
    }
}
