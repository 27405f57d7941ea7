using System.Collections.Concurrent;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The cluster's calls to the grains of one edge silo. Each is a call of the gateway's own over the connection, and its
/// outcome is the answer to the one who called.
/// </summary>
internal sealed class EdgeRequests(EdgeGateway gateway, EdgeSession session)
{
    /// <summary>The caller's own timeout comes first.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly PendingCalls _pending = new();
    private readonly ConcurrentDictionary<(SiloAddress Silo, long Id), long> _cancellable = new();
    private int _count;

    public void Receive(Message request)
    {
        if (session.IsClosed || !session.Hosts(request.TargetGrain))
        {
            gateway.Messages.Reject(request, EdgeErrors.NotConnected(request.TargetGrain));
        }
        else if (request.Kind == MessageKind.OneWay)
        {
            Send(request, 0);
        }
        else if (Interlocked.Increment(ref _count) > gateway.Options.MaxPendingRequests)
        {
            Interlocked.Decrement(ref _count);
            gateway.Messages.Reject(request, new OrleansMessageRejectionException(
                $"Edge silo {session.Identity} has {gateway.Options.MaxPendingRequests} requests that it has not answered. "
                + $"The request to {request.TargetGrain} was not executed."));
        }
        else
        {
            Ask(request);
        }
    }

    /// <summary>Takes an answer. False when it answers nothing that was asked.</summary>
    public bool Answer(long id, ReceivedResponse response)
    {
        return _pending.Deliver(id, response);
    }

    public void Cancel(SiloAddress sender, long id)
    {
        if (_cancellable.TryGetValue((sender, id), out var asked))
        {
            session.Send(new EdgeMessage(EdgeMessageKind.Cancel, asked));
        }
    }

    public void FailExpired(long now)
    {
        _pending.FailExpired(now);
    }

    /// <summary>The edge silo is gone: its callers learn it at once.</summary>
    public void FailAll()
    {
        _pending.FailAll(_ => EdgeErrors.Lost(session.Identity));
    }

    private void Ask(Message request)
    {
        var asked = new Message
        {
            Kind = MessageKind.Request,
            SendingSilo = gateway.Messages.Self,
            TargetGrain = request.TargetGrain,
            Body = request.Body,
            Call = request.Request.NewCall(new Outcome(this, request)),
            Deadline = gateway.DeadlineOf(request.Request, Slack),
        };
        _pending.Add(asked);
        if (request.CanBeCancelled)
        {
            _cancellable[(request.SendingSilo, request.Id)] = asked.Id;
        }

        Send(request, asked.Id);
        if (session.IsClosed)
        {
            // It may have ended before the call was among the pending ones.
            FailAll();
        }
    }

    private void Send(Message request, long id)
    {
        var kind = id == 0 ? EdgeMessageKind.OneWay : EdgeMessageKind.Request;
        try
        {
            if (session.TrySend(
                new EdgeMessage(kind, id, request.TargetGrain, request.CanBeCancelled, request.Body)))
            {
                return;
            }

            Fail(request, id, new SiloUnavailableException(
                $"Edge silo {session.Identity} does not read fast enough, or is gone. The request was not executed."));
        }
        catch (SerializerException error)
        {
            Fail(request, id, error);
        }
    }

    private void Fail(Message request, long id, Exception error)
    {
        if (id == 0)
        {
            gateway.Messages.Reject(request, error);
        }
        else
        {
            _pending.Fail(id, error);
        }
    }

    private void Ended(Message request)
    {
        Interlocked.Decrement(ref _count);
        if (request.CanBeCancelled)
        {
            _cancellable.TryRemove((request.SendingSilo, request.Id), out _);
        }
    }

    private sealed class Outcome(EdgeRequests requests, Message request) : IAnswer
    {
        public void Succeed<T>(T value, Embedded.Serialization.Codec<T>? codec)
        {
            requests.Ended(request);
            requests.Gateway.Messages.Reply(request, value);
        }

        public void Fail(Exception error)
        {
            requests.Ended(request);
            requests.Gateway.Messages.ReplyWithError(request, error);
        }
    }

    private EdgeGateway Gateway => gateway;
}
