namespace Orleans.Embedded.Bench.Grains;

/// <inheritdoc cref="IBenchGrain" />
public sealed class BenchGrain : Grain, IBenchGrain
{
    /// <inheritdoc />
    public Task<int> Echo(int value)
    {
        return Task.FromResult(value);
    }

    /// <inheritdoc />
    public ValueTask<int> EchoValue(int value)
    {
        return new ValueTask<int>(value);
    }

    /// <inheritdoc />
    public async Task CallOther(long key, int count)
    {
        var other = GrainFactory.GetGrain<IBenchGrain>(key);
        for (var i = 0; i < count; i++)
        {
            await other.Echo(i);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<int> Count(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<int> CountYielding(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    /// <inheritdoc />
    public Task<int> Process()
    {
        return Task.FromResult(Environment.ProcessId);
    }
}
