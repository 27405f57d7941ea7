using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>The answer to a request as it crosses to another silo.</summary>
internal abstract class Response
{
    public abstract void Deliver(IPendingCall call);
}

/// <summary>A request's result.</summary>
internal sealed class Response<T>(T value) : Response
{
    public T Value { get; } = value;

    public override void Deliver(IPendingCall call)
    {
        if (call is PendingCall<T> typed)
        {
            typed.TrySetResult(Value);
        }
        else
        {
            call.Fail(new OrleansException($"The answer is a {typeof(T)}, which the caller does not expect."));
        }
    }
}

/// <summary>A request's failure.</summary>
internal sealed class FailedResponse(Exception error) : Response
{
    public Exception Error { get; } = error;

    public override void Deliver(IPendingCall call)
    {
        call.Fail(Error);
    }
}

/// <summary>The value of requests that have none.</summary>
internal readonly struct Nothing;
