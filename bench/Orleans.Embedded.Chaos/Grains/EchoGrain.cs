namespace Orleans.Embedded.Chaos.Grains;

internal sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<long> Echo(long number)
    {
        return Task.FromResult(number);
    }

    public async IAsyncEnumerable<int> Count(int to)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
