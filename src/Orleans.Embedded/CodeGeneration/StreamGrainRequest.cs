using System.ComponentModel;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Streaming;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>A request for a sequence of items. It travels inside the first request for items.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StreamGrainRequest<T> : GrainRequest
{
    private StreamBatchCodec<T>? _batchCodec;

    /// <summary>The codec of the items.</summary>
    public abstract Codec<T> ItemCodec { get; }

    internal StreamBatchCodec<T> BatchCodec => _batchCodec ??= new StreamBatchCodec<T>(ItemCodec);

    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract IAsyncEnumerable<T> Invoke(object target);

    internal sealed override GrainRequest Pull(Guid streamId, bool isFirst, int maxBatchSize)
    {
        return new PullRequest<T>(streamId, this, isFirst, maxBatchSize, CancellationToken.None);
    }

    internal override void Start(Activation activation, Message request)
    {
        activation.Fail(request, new NotSupportedException($"{Method} returns a sequence and is not called directly."));
    }
}
