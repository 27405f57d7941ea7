using System.ComponentModel;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>One request to a grain: the method and its arguments.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainRequest
{
    private protected GrainRequest()
    {
    }

    /// <summary>The method.</summary>
    public abstract GrainMethod Method { get; }

    /// <summary>The cancellation token among the arguments, if the method takes one.</summary>
    public virtual CancellationToken CancellationToken
    {
        get => CancellationToken.None;
        set
        {
        }
    }

    /// <summary>
    /// Whether a grain that is not active is activated for this request; if not, the request is refused.
    /// </summary>
    internal virtual bool ActivatesGrain => true;

    /// <summary>Whether the request keeps an activation from being collected as idle.</summary>
    internal virtual bool CountsAsUse => true;

    /// <summary>The request as it crosses.</summary>
    internal virtual RequestParts Parts => new(RequestKind.Call, this);

    /// <summary>Writes the arguments.</summary>
    /// <param name="writer">Where to.</param>
    public virtual void WriteArguments(WireWriter writer)
    {
    }

    /// <summary>Reads the arguments that are there.</summary>
    /// <param name="reader">Reads the block of the arguments.</param>
    public virtual void ReadArguments(ref WireReader reader)
    {
        while (reader.TryReadField(out _, out var type))
        {
            reader.Skip(type);
        }
    }

    /// <summary>Replaces each argument that could be changed by a copy.</summary>
    /// <param name="scope">Where the copies are made.</param>
    public virtual void CopyArguments(CopyScope scope)
    {
    }

    /// <summary>Makes a call of this request on behalf of somebody else, who gets the outcome.</summary>
    /// <exception cref="SerializerException">The method returns a sequence and is not called directly.</exception>
    internal virtual IPendingCall NewCall(IAnswer answer)
    {
        throw new SerializerException($"{Method} returns a sequence and is not called directly.");
    }

    /// <summary>Completes the caller with the value that an answer carries.</summary>
    internal virtual void Complete(IPendingCall call, ref WireReader reader, WireType type)
    {
        throw new SerializerException($"The answer to {Method} carries a value, which the caller does not expect.");
    }

    /// <summary>Completes the caller with an answer that carries no value.</summary>
    internal virtual void CompleteWithoutValue(IPendingCall call)
    {
        throw new SerializerException($"The answer to {Method} carries no value.");
    }

    /// <summary>A request for items of the sequence that the method returns.</summary>
    internal virtual GrainRequest Pull(Guid streamId, bool isFirst, int maxBatchSize)
    {
        throw new SerializerException($"{Method} returns no sequence.");
    }

    /// <summary>
    /// Runs the request's first turn. It never throws, and leads to exactly one call of <see
    /// cref="Activation.Succeed"/> or <see cref="Activation.Fail"/> in a turn of the activation.
    /// </summary>
    internal abstract void Start(Activation activation, Message request);

    /// <summary>
    /// Whether <see cref="Start"/> alone can run it: its answer may come long after its first turn. Filters then see the
    /// request and not its answer.
    /// </summary>
    internal virtual bool AnswersItself => false;

    /// <summary>Calls the method for filters, which know no type of result.</summary>
    internal virtual ValueTask<object?> InvokeBoxed(Activation activation)
    {
        throw new NotSupportedException();
    }

    /// <summary>Ends the request with the result that filters made of it.</summary>
    internal virtual void Succeed(Activation activation, Message request, object? result)
    {
        throw new NotSupportedException();
    }

    /// <summary>Learns in which message it goes out, which then knows the silo that has it.</summary>
    internal virtual void OnPosted(Message message)
    {
    }

    /// <summary>A copy with the same arguments.</summary>
    internal GrainRequest Clone()
    {
        return (GrainRequest)MemberwiseClone();
    }
}
