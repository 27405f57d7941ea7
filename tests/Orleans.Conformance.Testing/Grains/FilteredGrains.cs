namespace Orleans.Conformance.Testing.Grains;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Echo(string text);

    [Alias("renamed")]
    Task<int> Add(int left, int right);

    Task<int> Add(int left);

    Task Fail();

    Task<object?> ContextValue(string key);

    /// <summary>Sets a value and asks the grain with another key for it.</summary>
    Task<object?> SetAndAsk(string key, string value, string otherGrain);

    Task<object?> ContextAfterYield(string key);

    IAsyncEnumerable<int> Count(int to);

    Task<bool> StartTimer();
}

/// <summary>Signals "key filtered Method" when it is its own filter.</summary>
public class FilteredGrain : Grain, IFilteredGrain
{
    public Task<string> Echo(string text)
    {
        return Task.FromResult(text);
    }

    public Task<int> Add(int left, int right)
    {
        return Task.FromResult(left + right);
    }

    public Task<int> Add(int left)
    {
        return Task.FromResult(left);
    }

    public Task Fail()
    {
        throw new NotSupportedException("Failed as asked.");
    }

    public Task<object?> ContextValue(string key)
    {
        return Task.FromResult(RequestContext.Get(key));
    }

    public Task<object?> SetAndAsk(string key, string value, string otherGrain)
    {
        RequestContext.Set(key, value);
        return GrainFactory.GetGrain<IFilteredGrain>(otherGrain, typeof(FilteredGrain).FullName).ContextValue(key);
    }

    public async Task<object?> ContextAfterYield(string key)
    {
        await Task.Yield();
        return RequestContext.Get(key);
    }

    public async IAsyncEnumerable<int> Count(int to)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    public Task<bool> StartTimer()
    {
        this.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.FromResult(true);
    }
}

public class SelfFilteredGrain : FilteredGrain, IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is string text)
        {
            context.Result = text + " self";
        }
    }
}
