using Orleans.Concurrency;

namespace Orleans.Conformance.Testing.Grains;

/// <summary>Shows how requests of a grain run.</summary>
public interface IProbeGrain : IGrainWithStringKey
{
    Task<string> Echo(string text);

    Task<string> Key();

    ValueTask<int> Twice(int value);

    ValueTask Nothing();

    Task Plain();

    /// <summary>Reads, lets others run, and writes: loses updates if turns or requests overlap.</summary>
    Task<int> Increment(int yields);

    /// <summary>Signals "name in", then waits for "name out".</summary>
    Task Hold(string name);

    [ReadOnly]
    Task HoldReadOnly(string name);

    [AlwaysInterleave]
    Task<int> Peek();

    [AlwaysInterleave]
    Task HoldInterleaved(string name);

    [OneWay]
    Task Notify(string signal);

    [OneWay]
    Task NotifyAndThrow(string signal);

    void Tell(string signal);

    [ResponseTimeout("00:00:02")]
    Task HoldShort(string name);

    Task HoldCancellable(string name, CancellationToken cancellationToken);

    Task Throw(string message);

    Task ThrowBeforeTask(string message);

    Task ThrowAggregate();

    Task<bool> ResumesOnOwnScheduler();

    Task<bool> StartsCleanOfAsyncLocals();

    Task<string> CallOther(string key, string text);

    Task CallSelf();

    /// <summary>Calls another grain again and again until a signal is set.</summary>
    Task CallOtherUntil(string key, string signal);

    Task<string> Silo();

    Task<string> ActivationId();

    Task DeactivateSoon();

    Task<IProbeGrain> Self();
}
