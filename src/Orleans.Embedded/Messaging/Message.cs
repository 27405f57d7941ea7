using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Filters;
using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>What a message between silos is.</summary>
internal enum MessageKind : byte
{
    /// <summary>A request that is answered.</summary>
    Request,

    /// <summary>A request that is not answered.</summary>
    OneWay,

    /// <summary>The answer to a request.</summary>
    Response,

    /// <summary>The caller gave up: the callee's cancellation token is to be cancelled.</summary>
    Cancel,

    /// <summary>A request that was not executed was passed on to another silo.</summary>
    Moved,

    /// <summary>The grain was registered by the sender; whoever has it asks the directory whether that is right.</summary>
    Superseded,
}

/// <summary>One message: headers that route it, and a body.</summary>
internal sealed class Message
{
    private int _holderHops;
    private volatile bool _isCancelled;

    /// <summary>Names the request among those of its sending silo; an answer and a cancellation repeat it.</summary>
    public long Id { get; set; }

    public MessageKind Kind { get; init; }

    /// <summary>How often the request, not executed, was passed on from one silo to another.</summary>
    public int ForwardCount { get; set; }

    /// <summary>
    /// How often the request was sent from one silo to another: news of where it is may overtake each other.
    /// </summary>
    public int Hops { get; set; }

    /// <summary>Whether the caller may send <see cref="MessageKind.Cancel"/>.</summary>
    public bool CanBeCancelled { get; init; }

    public required SiloAddress SendingSilo { get; init; }

    /// <summary>The silo it goes to; null until the grain was located.</summary>
    public SiloAddress? TargetSilo { get; set; }

    public GrainId TargetGrain { get; init; }

    /// <summary>The caller's <see cref="RequestContext"/>; null when it is empty.</summary>
    public RequestValues? Context { get; init; }

    /// <summary>A <see cref="GrainRequest"/>, a <see cref="Response"/>, or the new silo of a moved request.</summary>
    public object? Body { get; init; }

    // What follows stays on this silo.

    /// <summary>The sender's call; null once the message left the sending silo.</summary>
    public IPendingCall? Call { get; init; }

    /// <summary>The silo that has the request, as far as its sender knows: if that dies, the call is lost.</summary>
    public SiloAddress? HeldBy { get; private set; }

    /// <summary>When the call times out, as a timestamp of the silo's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>The sender's watch on its cancellation token.</summary>
    public CancellationTokenRegistration CancellationWatch { get; set; }

    /// <summary>Whether the caller no longer waits.</summary>
    public bool IsCancelled
    {
        get => _isCancelled;
        set => _isCancelled = value;
    }

    /// <summary>The source of the token that the grain method got.</summary>
    public CancellationTokenSource? Cancellation { get; set; }

    /// <summary>Links of the one list that the message is in.</summary>
    public Message? Next { get; set; }

    /// <inheritdoc cref="Next" />
    public Message? Previous { get; set; }

    public GrainRequest Request => (GrainRequest)Body!;

    /// <summary>Notes who has the request after a number of hops, unless later news came before.</summary>
    public void NoteHolder(SiloAddress silo, int hops)
    {
        lock (this)
        {
            if (hops >= _holderHops)
            {
                _holderHops = hops;
                HeldBy = silo;
                TargetSilo = silo;
            }
        }
    }

    public override string ToString()
    {
        return $"{Kind} {Id} {(Body as GrainRequest)?.Method} {TargetGrain} from {SendingSilo} to {TargetSilo}";
    }
}
