using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Streaming;

/// <summary>The enumerations that one activation produces. Used in turns of the activation only.</summary>
internal sealed class ActivationStreams(Activation activation)
{
    private readonly Dictionary<Guid, StreamProducer> _producers = [];

    /// <summary>Answers a request for items, now or when there are some.</summary>
    public void Pull<T>(Message request, PullRequest<T> pull)
    {
        if (!_producers.TryGetValue(pull.StreamId, out var producer))
        {
            if (pull.Body is null)
            {
                activation.Succeed(request, StreamBatch<T>.Aborted);
                return;
            }

            try
            {
                producer = new StreamProducer<T>(activation, pull.StreamId, pull.Body);
            }
            catch (Exception error)
            {
                activation.Fail(request, error);
                return;
            }

            _producers.Add(pull.StreamId, producer);
            activation.Host.Streams.Add(producer);
        }

        producer.Pull(request, pull.MaxBatchSize);
    }

    /// <summary>Ends one enumeration; completes when its code has run to its end.</summary>
    public ValueTask StopAsync(Guid streamId)
    {
        return _producers.TryGetValue(streamId, out var producer)
            ? new ValueTask(producer.StopAsync())
            : ValueTask.CompletedTask;
    }

    /// <summary>Ends all enumerations; completes when their code has run to its end.</summary>
    public Task Abort()
    {
        StreamProducer[] producers = [.. _producers.Values];
        return Task.WhenAll(producers.Select(static producer => producer.StopAsync()));
    }

    public void Remove(StreamProducer producer)
    {
        _producers.Remove(producer.Id);
        activation.Host.Streams.Remove(producer);
    }
}
