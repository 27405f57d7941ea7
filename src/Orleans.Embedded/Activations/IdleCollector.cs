using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>
/// Ends activations that nobody uses. It looks at all of them each quantum; an activation itself keeps two times and
/// has no timer.
/// </summary>
internal sealed partial class IdleCollector
{
    private readonly ActivationRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly GrainCollectionOptions _options;
    private long _now;
    private long _nextLook;

    public IdleCollector(
        ActivationRegistry registry,
        TimeProvider clock,
        CallTimer timer,
        IOptions<GrainCollectionOptions> options,
        ILogger<IdleCollector> logger)
    {
        _registry = registry;
        _clock = clock;
        _logger = logger;
        _options = options.Value;
        if (_options.CollectionQuantum <= TimeSpan.Zero || _options.CollectionAge <= _options.CollectionQuantum)
        {
            throw new OrleansConfigurationException(
                $"{nameof(GrainCollectionOptions)} has CollectionAge {_options.CollectionAge} and CollectionQuantum "
                + $"{_options.CollectionQuantum}: the quantum must be more than zero, and the age more than the quantum.");
        }

        _now = clock.GetTimestamp();
        _nextLook = After(_options.CollectionQuantum);
        timer.Add(Sweep);
    }

    /// <summary>The time, up to a tenth of a second old, at the price of reading a field.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>The time that lies so far ahead.</summary>
    public long After(TimeSpan time)
    {
        var ticks = time.TotalSeconds * _clock.TimestampFrequency;
        return ticks >= long.MaxValue - Now ? long.MaxValue : Now + (long)ticks;
    }

    /// <summary>
    /// Ends the activations that were idle for a time, whatever their class says, but none that is to be kept. Completes
    /// when they have ended.
    /// </summary>
    public Task CollectAsync(TimeSpan age)
    {
        var now = _clock.GetTimestamp();
        var ended = _registry.Active
            .Where(activation => CollectionAgeOf(activation) != Timeout.InfiniteTimeSpan
                && IsIdle(activation, now, age) && activation.TryEndIdle())
            .Select(static activation => activation.Deactivated)
            .ToList();
        if (ended.Count > 0)
        {
            LogCollected(ended.Count);
        }

        return Task.WhenAll(ended);
    }

    private void Sweep(long now)
    {
        Volatile.Write(ref _now, now);
        var look = Volatile.Read(ref _nextLook);
        if (now < look
            || Interlocked.CompareExchange(ref _nextLook, After(_options.CollectionQuantum), look) != look)
        {
            return;
        }

        var ended = 0;
        foreach (var activation in _registry.Active)
        {
            if (IsDue(activation, now) && activation.TryEndIdle())
            {
                ended++;
            }
        }

        if (ended > 0)
        {
            LogCollected(ended);
        }
    }

    private bool IsDue(Activation activation, long now)
    {
        var age = CollectionAgeOf(activation);
        return age != Timeout.InfiniteTimeSpan && IsIdle(activation, now, age);
    }

    private bool IsIdle(Activation activation, long now, TimeSpan age)
    {
        return activation.KeptUntil <= now && _clock.GetElapsedTime(activation.LastUse, now) >= age;
    }

    private TimeSpan CollectionAgeOf(Activation activation)
    {
        return activation.Host.Class.CollectionAge ?? _options.CollectionAge;
    }

    [LoggerMessage(2106, LogLevel.Debug, "{Count} idle activations end.")]
    private partial void LogCollected(int count);
}
