using System.ComponentModel;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>A request that is answered without a value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class VoidGrainRequest : GrainRequest
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The grain object.</param>
    public abstract ValueTask Invoke(object target);

    internal override void Start(Activation activation, Message request)
    {
        ValueTask call;
        try
        {
            call = InvokeOn(activation);
        }
        catch (Exception error)
        {
            activation.Fail(request, error);
            return;
        }

        if (call.IsCompletedSuccessfully)
        {
            call.GetAwaiter().GetResult();
            activation.Succeed(request, default(Nothing));
        }
        else
        {
            _ = FinishAsync(call, activation, request);
        }
    }

    internal sealed override IPendingCall NewCall(IAnswer answer)
    {
        var call = new PendingCall<Nothing>();
        _ = Answering.PassOnAsync(call.Task, null, answer);
        return call;
    }

    internal sealed override void CompleteWithoutValue(IPendingCall call)
    {
        ((PendingCall<Nothing>)call).TrySetResult(default);
    }

    internal override async ValueTask<object?> InvokeBoxed(Activation activation)
    {
        await InvokeOn(activation);
        return null;
    }

    internal override void Succeed(Activation activation, Message request, object? result)
    {
        activation.Succeed(request, default(Nothing));
    }

    /// <summary>Calls the method, or what the runtime itself does in its place.</summary>
    private protected virtual ValueTask InvokeOn(Activation activation)
    {
        return Invoke(activation.GrainInstance!);
    }

    private static async Task FinishAsync(ValueTask call, Activation activation, Message request)
    {
        try
        {
            await call;
        }
        catch (Exception error)
        {
            activation.Fail(request, error);
            return;
        }

        activation.Succeed(request, default(Nothing));
    }
}
