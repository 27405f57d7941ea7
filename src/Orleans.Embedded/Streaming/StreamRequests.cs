using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Streaming;

/// <summary>
/// Asks for the next items of an enumeration; the first one carries the arguments of the call that starts it. It
/// interleaves with all other requests of the grain, so a consumer never blocks a grain.
/// </summary>
internal sealed class PullRequest<T>(
    Guid streamId,
    StreamGrainRequest<T> call,
    bool isFirst,
    int maxBatchSize,
    CancellationToken cancellationToken,
    Action<Message>? onPosted = null)
    : GrainRequest<StreamBatch<T>>
{
    private static readonly GrainMethod PullMethod =
        new("Orleans.Embedded.IAsyncEnumerable", "MoveNext", GrainMethodOptions.AlwaysInterleave);

    public Guid StreamId => streamId;

    public int MaxBatchSize => maxBatchSize;

    /// <summary>The call that starts the enumeration; null if it started before.</summary>
    public StreamGrainRequest<T>? Body => isFirst ? call : null;

    public override Codec<StreamBatch<T>> ResultCodec => call.BatchCodec;

    public override GrainMethod Method => PullMethod;

    /// <summary>The consumer's token: it frees the consumer. The producer learns of it by a stop request.</summary>
    public override CancellationToken CancellationToken
    {
        get => cancellationToken;
        set
        {
        }
    }

    internal override RequestParts Parts =>
        new(isFirst ? RequestKind.FirstPull : RequestKind.NextPull, call, streamId, maxBatchSize);

    internal override bool ActivatesGrain => isFirst;

    internal override bool AnswersItself => true;

    public override ValueTask<StreamBatch<T>> Invoke(object target)
    {
        throw new NotSupportedException();
    }

    internal override void OnPosted(Message message)
    {
        onPosted?.Invoke(message);
    }

    internal override void Start(Activation activation, Message request)
    {
        (activation.Streams ??= new ActivationStreams(activation)).Pull(request, this);
    }
}

/// <summary>Ends an enumeration. It is answered when the producer's code has run to its end.</summary>
internal sealed class StopRequest(Guid streamId) : VoidGrainRequest
{
    private static readonly GrainMethod StopMethod =
        new("Orleans.Embedded.IAsyncEnumerable", "Dispose", GrainMethodOptions.AlwaysInterleave);

    public override GrainMethod Method => StopMethod;

    internal override RequestParts Parts => new(RequestKind.Stop, null, streamId);

    internal override bool ActivatesGrain => false;

    public override ValueTask Invoke(object target)
    {
        throw new NotSupportedException();
    }

    private protected override ValueTask InvokeOn(Activation activation)
    {
        return activation.Streams?.StopAsync(streamId) ?? ValueTask.CompletedTask;
    }
}
