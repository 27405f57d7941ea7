using BenchmarkDotNet.Attributes;
using Orleans.Embedded.Bench.Grains;

namespace Orleans.Embedded.Bench.Local;

/// <summary>
/// What happens within one silo, per call, item or activation. Allocated bytes are those of all threads.
/// </summary>
public class LocalBenchmarks
{
    private const int Calls = 10_000;
    private const int Concurrent = 64;
    private const int Items = 100_000;
    private const int Activations = 1_000;
    private OneSilo _silo = null!;
    private IBenchGrain _grain = null!;
    private IBenchGrain[] _grains = null!;
    private long _lastKey;

    /// <summary>Starts the silo.</summary>
    [GlobalSetup]
    public async Task StartAsync()
    {
        _silo = await OneSilo.StartAsync();
        _grain = _silo.Grains.GetGrain<IBenchGrain>(0);
        _grains = [.. Enumerable.Range(0, Concurrent).Select(key => _silo.Grains.GetGrain<IBenchGrain>(key))];
        _lastKey = Concurrent;
    }

    /// <summary>Stops it.</summary>
    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _silo.DisposeAsync();
    }

    /// <summary>The host's client calls, one call after the other.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public Task CallTask()
    {
        return Callers.CallAsync(_grain, Calls);
    }

    /// <summary>The same with a method that returns <see cref="ValueTask{T}"/>.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task CallValueTask()
    {
        for (var i = 0; i < Calls; i++)
        {
            await _grain.EchoValue(i);
        }
    }

    /// <summary>A grain calls another one, one call after the other.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public Task CallFromGrain()
    {
        return _grain.CallOther(1, Calls);
    }

    /// <summary>64 callers, each of a grain of its own.</summary>
    [Benchmark(OperationsPerInvoke = Calls * Concurrent)]
    public Task CallConcurrently()
    {
        return Callers.CallAsync(_grains, Calls);
    }

    /// <summary>Items of a producer that never waits.</summary>
    [Benchmark(OperationsPerInvoke = Items)]
    public Task<int> StreamUnbroken()
    {
        return Callers.TakeAsync(_grain.Count(Items));
    }

    /// <summary>Items of a producer that gives its thread away before each.</summary>
    [Benchmark(OperationsPerInvoke = Items)]
    public Task<int> StreamYielding()
    {
        return Callers.TakeAsync(_grain.CountYielding(Items));
    }

    /// <summary>First calls of new grains, one after the other.</summary>
    [Benchmark(OperationsPerInvoke = Activations)]
    public async Task Activate()
    {
        for (var i = 0; i < Activations; i++)
        {
            await _silo.Grains.GetGrain<IBenchGrain>(++_lastKey).Echo(i);
        }
    }
}
