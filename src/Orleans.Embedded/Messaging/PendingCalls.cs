using Orleans.Runtime;

namespace Orleans.Embedded.Messaging;

/// <summary>
/// The requests of this silo that wait for an answer. Whoever takes one out (answer, timeout, cancellation, death of
/// the silo asked) completes its caller; who comes later finds nothing.
/// </summary>
internal sealed class PendingCalls
{
    private readonly CallTable _calls = new();

    /// <summary>Gives the request its id and waits for its answer.</summary>
    public void Add(Message request)
    {
        _calls.Add(request);
    }

    /// <summary>The request with an id, while it waits.</summary>
    public Message? Find(long id)
    {
        return _calls.Find(id);
    }

    /// <summary>Completes a caller with a result.</summary>
    public void Succeed<T>(long id, T result)
    {
        if (Take(id) is { } request)
        {
            ((PendingCall<T>)request.Call!).TrySetResult(result);
        }
    }

    /// <summary>Completes a caller with an exception.</summary>
    public void Fail(long id, Exception error)
    {
        Take(id)?.Call!.Fail(error);
    }

    /// <summary>Completes a caller with the answer of another silo. False when nobody waits for it.</summary>
    public bool Deliver(long id, ReceivedResponse response, SiloAddress? sender = null)
    {
        var request = Take(id);
        if (request is not null)
        {
            // The answer may overtake the news of where the request went.
            request.TargetSilo = sender ?? request.TargetSilo;
            response.Deliver(request);
        }

        return request is not null;
    }

    /// <summary>Frees a caller whose token was cancelled. False when it was completed before.</summary>
    public bool TryCancel(long id, CancellationToken token)
    {
        var request = _calls.Take(id);
        request?.Call!.Cancel(token);
        return request is not null;
    }

    /// <summary>Ends the calls that have waited for as long as they may.</summary>
    public void FailExpired(long now)
    {
        FailWhere(
            now,
            static (request, now) => request.Deadline <= now,
            static request => new TimeoutException(
                $"No answer to request {request} came in time. The grain may still be executing it: "
                + "its outcome is unknown."));
    }

    /// <summary>Ends the calls whose requests went to a silo that died.</summary>
    public void FailAllTo(SiloAddress silo)
    {
        FailWhere(
            silo,
            static (request, silo) => silo.Equals(request.HeldBy),
            static request => new SiloUnavailableException(
                $"Silo {request.HeldBy} died while it had request {request}. "
                + "Whether it was executed is not known."));
    }

    /// <summary>Ends all calls: the silo that made them is gone.</summary>
    public void FailAll()
    {
        FailAll(static request => OwnSiloStopped(request.SendingSilo));
    }

    /// <summary>Ends all calls.</summary>
    public void FailAll(Func<Message, Exception> error)
    {
        FailWhere(0, static (_, _) => true, error);
    }

    public static SiloUnavailableException OwnSiloStopped(SiloAddress silo)
    {
        return new SiloUnavailableException($"Silo {silo}, which made the call, has stopped.");
    }

    private Message? Take(long id)
    {
        var request = _calls.Take(id);
        request?.CancellationWatch.Unregister();
        return request;
    }

    private void FailWhere<TState>(
        TState state, Func<Message, TState, bool> condition, Func<Message, Exception> error)
    {
        foreach (var request in _calls.TakeWhere(state, condition))
        {
            request.CancellationWatch.Unregister();
            request.Call!.Fail(error(request));
        }
    }
}
