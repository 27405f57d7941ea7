using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Streaming;

/// <summary>
/// Looks after all enumerations of the silo: a consumer that waits gets a sign of life after half a response timeout,
/// and an enumeration that nobody asks for ends after a whole one.
/// </summary>
internal sealed partial class StreamSweep
{
    private readonly ConcurrentDictionary<Guid, StreamProducer> _producers = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TimeSpan _responseTimeout;

    public StreamSweep(
        TimeProvider clock, CallTimer timer, IOptions<SiloMessagingOptions> options, ILogger<StreamSweep> logger)
    {
        _clock = clock;
        _logger = logger;
        _responseTimeout = options.Value.ResponseTimeout;
        timer.Add(Sweep);
    }

    public IEnumerable<StreamProducer> Producers => _producers.Values;

    public long Now => _clock.GetTimestamp();

    public void Add(StreamProducer producer)
    {
        _producers[producer.Id] = producer;
    }

    public void Remove(StreamProducer producer)
    {
        _producers.TryRemove(producer.Id, out _);
    }

    [LoggerMessage(2201, LogLevel.Warning, "An enumeration by grain {Grain} failed while it was stopped.")]
    public partial void ReportStopFailed(GrainId grain, Exception error);

    /// <summary>What the sweep saw from outside may have changed: only a turn of the producer's grain can tell.</summary>
    private void EndWait(StreamProducer producer)
    {
        if (producer.IsDue(_clock.GetElapsedTime(producer.LastUse), _responseTimeout))
        {
            producer.EndWait();
        }
    }

    private void Sweep(long now)
    {
        foreach (var (_, producer) in _producers)
        {
            if (producer.IsDue(_clock.GetElapsedTime(producer.LastUse, now), _responseTimeout))
            {
                producer.Activation.Run(new Turn(_ => EndWait(producer)));
            }
        }
    }
}
