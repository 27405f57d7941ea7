using System.ComponentModel;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>A request that is answered with a value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainRequest<T> : GrainRequest
{
    /// <summary>The codec of the value.</summary>
    public abstract Codec<T> ResultCodec { get; }

    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract ValueTask<T> Invoke(object target);

    internal override void Start(Activation activation, Message request)
    {
        ValueTask<T> call;
        try
        {
            call = Invoke(activation.GrainInstance!);
        }
        catch (Exception error)
        {
            activation.Fail(request, error);
            return;
        }

        if (call.IsCompletedSuccessfully)
        {
            activation.Succeed(request, call.Result);
        }
        else
        {
            _ = FinishAsync(call, activation, request);
        }
    }

    internal sealed override IPendingCall NewCall(IAnswer answer)
    {
        var call = new PendingCall<T>();
        _ = Answering.PassOnAsync(call.Task, ResultCodec, answer);
        return call;
    }

    internal sealed override void Complete(IPendingCall call, ref WireReader reader, WireType type)
    {
        ((PendingCall<T>)call).TrySetResult(ResultCodec.ReadField(ref reader, type));
    }

    internal override async ValueTask<object?> InvokeBoxed(Activation activation)
    {
        return await Invoke(activation.GrainInstance!);
    }

    internal override void Succeed(Activation activation, Message request, object? result)
    {
        activation.Succeed(request, (T)result!);
    }

    private static async Task FinishAsync(ValueTask<T> call, Activation activation, Message request)
    {
        T result;
        try
        {
            result = await call;
        }
        catch (Exception error)
        {
            activation.Fail(request, error);
            return;
        }

        activation.Succeed(request, result);
    }
}
