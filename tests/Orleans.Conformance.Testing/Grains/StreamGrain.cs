using System.Runtime.CompilerServices;

namespace Orleans.Conformance.Testing.Grains;

public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>All items at once.</summary>
    IAsyncEnumerable<int> Range(int count, string name, CancellationToken cancellationToken = default);

    /// <summary>Item by item: each waits for its own signal "name n".</summary>
    IAsyncEnumerable<int> OnSignal(int count, string name, CancellationToken cancellationToken = default);

    /// <summary>Item by item: lets other turns run before each.</summary>
    IAsyncEnumerable<int> Yielding(int count, string name);

    IAsyncEnumerable<int> ThrowAfter(int count);

    IAsyncEnumerable<int> ThrowAtOnce();

    Task<int> Produced(string name);

    Task Plain();

    Task<string> Silo();

    Task End();
}

public class StreamGrain : Grain, IStreamGrain
{
    private readonly Dictionary<string, int> _produced = [];

    public async IAsyncEnumerable<int> Range(
        int count, string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _produced[name] = i + 1;
                yield return i;
            }

            await Task.CompletedTask;
        }
        finally
        {
            Signals.Set(name + " finally");
        }
    }

    public async IAsyncEnumerable<int> OnSignal(
        int count, string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var scheduler = TaskScheduler.Current;
        try
        {
            Signals.Set(name + " started");
            for (var i = 0; i < count; i++)
            {
                await Signals.Reached($"{name} {i}").WaitAsync(cancellationToken);
                Assert.Same(scheduler, TaskScheduler.Current);
                _produced[name] = i + 1;
                yield return i;
            }
        }
        finally
        {
            Signals.Set(name + (TaskScheduler.Current == scheduler ? " finally" : " finally elsewhere"));
        }
    }

    public async IAsyncEnumerable<int> Yielding(int count, string name)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            _produced[name] = i + 1;
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> ThrowAfter(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.Yield();
        throw new NotSupportedException("No more.");
    }

    public IAsyncEnumerable<int> ThrowAtOnce()
    {
        throw new NotSupportedException("Not even one.");
    }

    public Task<int> Produced(string name)
    {
        return Task.FromResult(_produced.GetValueOrDefault(name));
    }

    public Task Plain()
    {
        return Task.CompletedTask;
    }

    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
