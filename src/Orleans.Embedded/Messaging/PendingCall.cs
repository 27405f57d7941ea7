namespace Orleans.Embedded.Messaging;

/// <summary>A caller that waits for an answer.</summary>
internal interface IPendingCall
{
    void Fail(Exception error);

    void Cancel(CancellationToken token);
}

/// <summary>A caller that waits for a value.</summary>
internal sealed class PendingCall<T>()
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IPendingCall
{
    public void Fail(Exception error)
    {
        TrySetException(error);
    }

    public void Cancel(CancellationToken token)
    {
        TrySetCanceled(token);
    }
}
