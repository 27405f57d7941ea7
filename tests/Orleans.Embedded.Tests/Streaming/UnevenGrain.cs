namespace Orleans.Embedded.Tests.Streaming;

public interface IUnevenGrain : IGrainWithIntegerKey
{
    /// <summary>The numbers from 0 on, some at once and some after other turns.</summary>
    IAsyncEnumerable<int> Count(int to, int seed);
}

public sealed class UnevenGrain : Grain, IUnevenGrain
{
    public async IAsyncEnumerable<int> Count(int to, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < to; i++)
        {
            for (var turns = random.Next(4) == 0 ? random.Next(5) : 0; turns > 0; turns--)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }
}
