using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Filters;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Streaming;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The calls of one edge silo. Each is checked and then made by the gateway as a call of its own, with the identity as its
/// only request context.
/// </summary>
internal sealed class EdgeCalls(EdgeGateway gateway, EdgeSession session)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Message> _running = [];
    private readonly EdgeStreams _streams = new(gateway.Options.MaxOpenStreams);
    private readonly TokenBucket _rate = new(gateway.Options.CallsPerSecond, gateway.Options.CallBurst, gateway.Clock);
    private readonly RequestValues _context = new() { [EdgeCaller.ContextKey] = session.Identity };
    private bool _isEnded;

    /// <summary>How many calls were made.</summary>
    public long Count { get; private set; }

    public void Receive(in EdgeMessage call)
    {
        Exception? error;
        try
        {
            error = Make(call);
        }
        catch (SerializerException unreadable)
        {
            error = Refuse(EdgeRefusal.Unreadable, unreadable);
        }

        if (error is not null && call.Kind == EdgeMessageKind.Request)
        {
            session.Send(new EdgeMessage(EdgeMessageKind.Response, call.Id, Body: new FailedResponse(error)));
        }
    }

    public void Cancel(long id)
    {
        Message? call;
        lock (_lock)
        {
            _running.TryGetValue(id, out call);
        }

        if (call is { CanBeCancelled: true } && gateway.Messages.Pending.TryCancel(call.Id, new CancellationToken(true)))
        {
            gateway.Messages.Cancel(call);
        }
    }

    /// <summary>The edge silo is gone: what it asked for is stopped.</summary>
    public void End()
    {
        List<long> ids;
        lock (_lock)
        {
            _isEnded = true;
            ids = [.. _running.Keys];
        }

        ids.ForEach(Cancel);
        _streams.CloseAll().ForEach(StopProducer);
    }

    /// <summary>Makes a call, or says why not.</summary>
    private Exception? Make(in EdgeMessage call)
    {
        if (!_rate.TryTake())
        {
            return Refuse(EdgeRefusal.RateExceeded, new OrleansMessageRejectionException(
                $"More than {gateway.Options.CallsPerSecond} calls per second. The call was not executed."));
        }

        if (call.Body is UnreadableRequest unreadable)
        {
            return Refuse(EdgeRefusal.Unreadable, unreadable.Error);
        }

        var parts = ((GrainRequest)call.Body!).Parts;
        if (parts.Kind == RequestKind.Stop)
        {
            return Stop(call, parts.StreamId);
        }

        var method = parts.Call!.Method;
        if (!method.IsEdgeCallable)
        {
            return Refuse(
                EdgeRefusal.NotCallable, new UnauthorizedAccessException($"Edge silos may not call {method}."));
        }

        if (call.Kind == EdgeMessageKind.OneWay && !method.IsOneWay)
        {
            return Refuse(EdgeRefusal.Unreadable, new SerializerException($"{method} is not one-way."));
        }

        if (gateway.Policy.Resolve(call.Grain, method.InterfaceName) is not { } grain)
        {
            return Refuse(
                EdgeRefusal.NoSuchGrain, new ArgumentException($"There is no grain {call.Grain} with {method}."));
        }

        return parts.Kind switch
        {
            RequestKind.FirstPull => Open(call, grain, parts),
            RequestKind.NextPull => Pull(call, grain, parts),
            _ => Start(call, grain, (GrainRequest)call.Body, null),
        };
    }

    private Exception? Open(in EdgeMessage call, GrainId grain, in RequestParts parts)
    {
        return _streams.Open(parts.StreamId, grain) is { } id
            ? Start(call, grain, parts.Call!.Pull(id, isFirst: true, BatchOf(parts)), parts.StreamId)
            : Refuse(EdgeRefusal.TooManyStreams, new OrleansMessageRejectionException(
                $"More than {gateway.Options.MaxOpenStreams} enumerations at once. The call was not executed."));
    }

    private Exception? Pull(in EdgeMessage call, GrainId grain, in RequestParts parts)
    {
        return _streams.Find(parts.StreamId) is { } stream && stream.Grain == grain
            ? Start(call, grain, parts.Call!.Pull(stream.Id, isFirst: false, BatchOf(parts)), parts.StreamId)
            : Refuse(EdgeRefusal.NoSuchStream, new EnumerationAbortedException("There is no such enumeration."));
    }

    private Exception? Stop(in EdgeMessage call, Guid streamId)
    {
        if (_streams.Find(streamId) is { } stream)
        {
            return Start(call, stream.Grain, new StopRequest(stream.Id), streamId);
        }

        // It ended meanwhile, which its consumer need not know.
        return call.Kind == EdgeMessageKind.OneWay ? null : new EnumerationAbortedException("The enumeration has ended.");
    }

    private Exception? Start(in EdgeMessage call, GrainId grain, GrainRequest request, Guid? stream)
    {
        Count++;
        if (call.Kind == EdgeMessageKind.OneWay)
        {
            CloseStream(stream);
            gateway.Messages.Dispatch(NewMessage(MessageKind.OneWay, grain, request));
            return null;
        }

        var message = NewMessage(
            MessageKind.Request, grain, request, request.NewCall(new Outcome(this, call.Id, stream)), call.CanBeCancelled);
        lock (_lock)
        {
            if (_isEnded)
            {
                return null;
            }

            if (_running.Count >= gateway.Options.MaxPendingCalls)
            {
                CloseStream(stream);
                return Refuse(EdgeRefusal.TooManyCalls, new OrleansMessageRejectionException(
                    $"More than {gateway.Options.MaxPendingCalls} calls at once. The call was not executed."));
            }

            gateway.Messages.Pending.Add(message);
            if (!_running.TryAdd(call.Id, message))
            {
                gateway.Messages.Pending.Fail(message.Id, new OperationCanceledException());
                session.Close(new(Networking.CloseCode.Malformed, "Two calls have the same id."));
                return null;
            }
        }

        gateway.Messages.Dispatch(message);
        return null;
    }

    private Message NewMessage(
        MessageKind kind, GrainId grain, GrainRequest request, IPendingCall? call = null, bool canBeCancelled = false)
    {
        return new Message
        {
            Kind = kind,
            SendingSilo = gateway.Messages.Self,
            TargetGrain = grain,
            Context = _context,
            Body = request,
            Call = call,
            CanBeCancelled = canBeCancelled,
            Deadline = gateway.DeadlineOf(request, TimeSpan.Zero),
        };
    }

    private static int BatchOf(in RequestParts parts)
    {
        return Math.Min(parts.MaxBatchSize, GrainEnumerable<int>.DefaultBatchSize);
    }

    private Exception Refuse(EdgeRefusal reason, Exception shown)
    {
        session.Refuse(reason);
        return shown;
    }

    private void CloseStream(Guid? stream)
    {
        if (stream is { } id)
        {
            _streams.Close(id);
        }
    }

    /// <summary>
    /// An enumeration whose call failed, or was cancelled, is over for the edge silo: its producer must not go on unseen.
    /// </summary>
    private void AbandonStream(Guid? stream)
    {
        if (stream is { } id && _streams.Close(id) is { } open)
        {
            StopProducer(open);
        }
    }

    private void StopProducer((Guid Id, GrainId Grain) stream)
    {
        gateway.Messages.Dispatch(NewMessage(MessageKind.OneWay, stream.Grain, new StopRequest(stream.Id)));
    }

    private void Answer(long id, Response response)
    {
        lock (_lock)
        {
            _running.Remove(id);
        }

        try
        {
            session.Send(new EdgeMessage(EdgeMessageKind.Response, id, Body: response));
        }
        catch (SerializerException)
        {
            session.Send(new EdgeMessage(
                EdgeMessageKind.Response,
                id,
                Body: new FailedResponse(new SerializerException("The answer cannot be sent: it is too large."))));
        }
    }

    private sealed class Outcome(EdgeCalls calls, long id, Guid? stream) : IAnswer
    {
        public void Succeed<T>(T value, Codec<T>? codec)
        {
            if (value is not IStreamBatch batch || batch.State != StreamState.More)
            {
                calls.CloseStream(stream);
            }

            if (value is IStreamBatch { Error: { } error } failed)
            {
                value = (T)failed.WithError(calls.Screen(error));
            }

            calls.Answer(id, new Response<T>(value, codec));
        }

        public void Fail(Exception error)
        {
            calls.AbandonStream(stream);
            calls.Answer(id, new FailedResponse(calls.Screen(error)));
        }
    }

    private Exception Screen(Exception error)
    {
        return EdgeErrors.Screen(error, gateway.Format.Serializer.Types);
    }
}
