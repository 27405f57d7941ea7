using System.Runtime.CompilerServices;
using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Tests.Edge;

[EdgeHosted]
public interface IMachineGrain : IGrainWithStringKey
{
    Task<string> Describe(string text);

    Task Hold(string signal);

    Task WaitForCancel(string signal, CancellationToken token);

    IAsyncEnumerable<int> Count(int to, string? holdAt, CancellationToken token = default);

    Task<string> AskCenter(string key);

    Task<string> CallUnmarked(string key);

    [EdgeCallable]
    Task<string> Greet();
}

public interface ICenterGrain : IGrainWithStringKey
{
    [EdgeCallable]
    Task<string?> WhoCalls(string? forgedKey);

    [EdgeCallable]
    Task Fail(string secret);

    [EdgeCallable]
    IAsyncEnumerable<int> Count(int to, CancellationToken token = default);

    [EdgeCallable]
    IAsyncEnumerable<int> Watch(string signal, CancellationToken token = default);

    [EdgeCallable]
    Task Hold(string signal);

    [EdgeCallable]
    Task WaitForCancel(string signal, CancellationToken token);

    [EdgeCallable]
    Task TakeReference(IMachineGrain machine);

    Task<string> Unmarked();
}

public interface ICountedGrain : IGrainWithIntegerKey
{
    [EdgeCallable]
    Task<long> Key();
}

public interface INumberedGrain : IGrainWithGuidKey
{
    [EdgeCallable]
    Task<Guid> Key();
}

public sealed class CountedGrain : Grain, ICountedGrain
{
    public Task<long> Key()
    {
        return Task.FromResult(this.GetPrimaryKeyLong());
    }
}

public sealed class NumberedGrain : Grain, INumberedGrain
{
    public Task<Guid> Key()
    {
        return Task.FromResult(this.GetPrimaryKey());
    }
}

public sealed class MachineGrain(IGrainFactory grains) : Grain, IMachineGrain
{
    private string Key => this.GetPrimaryKeyString();

    public Task<string> Describe(string text)
    {
        return Task.FromResult($"{Key}: {text} {RequestContext.Keys.Count()}");
    }

    public async Task Hold(string signal)
    {
        Signals.Set($"{signal} in");
        await Signals.Reached($"{signal} out");
    }

    public async Task WaitForCancel(string signal, CancellationToken token)
    {
        Signals.Set($"{signal} in");
        var cancelled = new TaskCompletionSource();
        await using var watch = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
        Signals.Set($"{signal} cancelled");
    }

    public async IAsyncEnumerable<int> Count(
        int to, string? holdAt, [EnumeratorCancellation] CancellationToken token = default)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Yield();
            yield return i;
        }

        if (holdAt is not null)
        {
            Signals.Set($"{holdAt} in");
            await Signals.Reached($"{holdAt} out").WaitAsync(token);
        }
    }

    public async Task<string> AskCenter(string key)
    {
        RequestContext.Set(EdgeCaller.ContextKey, "forged");
        RequestContext.Set("more", "forged");
        return (await grains.GetGrain<ICenterGrain>(key).WhoCalls("more"))!;
    }

    public async Task<string> CallUnmarked(string key)
    {
        try
        {
            return await grains.GetGrain<ICenterGrain>(key).Unmarked();
        }
        catch (UnauthorizedAccessException error)
        {
            return error.Message;
        }
    }

    public Task<string> Greet()
    {
        return Task.FromResult($"{Key} greets {EdgeCaller.Identity}");
    }
}

public sealed class CenterGrain : Grain, ICenterGrain
{
    public Task<string?> WhoCalls(string? forgedKey)
    {
        return Task.FromResult<string?>($"{EdgeCaller.RequireIdentity()} {RequestContext.Get(forgedKey ?? string.Empty)}");
    }

    public Task Fail(string secret)
    {
        throw new InvalidOperationException(secret);
    }

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken token = default)
    {
        for (var i = 0; i < to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> Watch(string signal, [EnumeratorCancellation] CancellationToken token = default)
    {
        Signals.Set($"{signal} in");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            yield return 0;
        }
        finally
        {
            Signals.Set($"{signal} stopped");
        }
    }

    public async Task Hold(string signal)
    {
        Signals.Set($"{signal} in");
        await Signals.Reached($"{signal} out");
    }

    public async Task WaitForCancel(string signal, CancellationToken token)
    {
        Signals.Set($"{signal} in");
        var cancelled = new TaskCompletionSource();
        await using var watch = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
        Signals.Set($"{signal} cancelled");
    }

    public Task TakeReference(IMachineGrain machine)
    {
        return Task.CompletedTask;
    }

    public Task<string> Unmarked()
    {
        return Task.FromResult("secret");
    }
}
