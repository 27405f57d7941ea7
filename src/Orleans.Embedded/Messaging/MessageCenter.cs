using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Messaging;

/// <summary>
/// Brings each request to one activation of its grain and each answer to its caller. A request that was not executed
/// may be passed on; one that may have been executed never is.
/// </summary>
internal sealed partial class MessageCenter(
    LocalNode node,
    IMessageTransport transport,
    IGrainLocator locator,
    RequestTracker tracker,
    PendingCalls pending,
    SiloFence fence,
    Serializer serializer,
    IOptions<SiloMessagingOptions> options,
    ILogger<MessageCenter> logger) : IMessageReceiver
{
    private readonly SiloAddress _self = node.Address;
    private readonly int _maxForwardCount = options.Value.MaxForwardCount;
    private ILocalGrains? _local;
    private volatile bool _isStopped;

    public SiloAddress Self => _self;

    public PendingCalls Pending => pending;

    public bool IsStopped => _isStopped;

    public SiloFence Fence => fence;

    /// <summary>Whether a silo is no member of the cluster any more.</summary>
    public bool IsGone(SiloAddress silo)
    {
        return tracker.IsGone(silo);
    }

    /// <summary>Takes requests to grains of this silo; a node that never calls it is a client.</summary>
    public void Host(ILocalGrains local)
    {
        _local = local;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await transport.StartAsync(_self, this, cancellationToken);
        tracker.Start();
    }

    /// <summary>Takes nothing more from other silos; completes when what came has been brought on its way.</summary>
    public Task StopReceivingAsync()
    {
        return transport.StopReceivingAsync();
    }

    /// <summary>Ends all traffic and fails what still waits: this silo is gone.</summary>
    public void Stop()
    {
        _isStopped = true;
        tracker.Stop();
        transport.Abort();
        pending.FailAll();
    }

    /// <summary>Finds the grain of a request and sends it there.</summary>
    public void Dispatch(Message request)
    {
        if (_local is not null && _local.TryGet(request.TargetGrain, out var activation))
        {
            tracker.StaysHere(request);
            activation.Receive(request);
            return;
        }

        ValueTask<SiloAddress> location;
        try
        {
            location = locator.LocateAsync(request);
        }
        catch (Exception error)
        {
            Reject(request, error);
            return;
        }

        if (location.IsCompletedSuccessfully)
        {
            SendTo(location.Result, request);
        }
        else
        {
            _ = DispatchWhenLocatedAsync(location, request);
        }
    }

    /// <summary>Sends a request on that waited at an activation which ended before it started.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wasOpen">
    /// Whether the activation ever took requests. If not, the grain may end each time it begins: that counts as passing
    /// on.
    /// </param>
    public void DispatchAgain(Message request, bool wasOpen)
    {
        request.ForwardCount = wasOpen ? 0 : request.ForwardCount + 1;
        if (request.ForwardCount > _maxForwardCount)
        {
            RejectPassedOn(request);
        }
        else
        {
            Dispatch(request);
        }
    }

    /// <summary>Sends a request that was not executed to the silo that has the grain.</summary>
    public void SendTo(SiloAddress silo, Message request)
    {
        if (silo.Equals(_self))
        {
            tracker.StaysHere(request);
            DeliverHere(request);
            CancelIfLate(request);
            return;
        }

        // A stopping silo passes everything on, once; that is no sign of a request that goes round in circles.
        if (!request.SendingSilo.Equals(_self) && _local is { IsStopping: false }
            && ++request.ForwardCount > _maxForwardCount)
        {
            RejectPassedOn(request);
            return;
        }

        request.TargetSilo = silo;
        var hops = ++request.Hops;
        try
        {
            transport.Send(request);
        }
        catch (Exception error)
        {
            Reject(request, Unwritable(request, error));
            return;
        }

        if (request.Kind == MessageKind.Request)
        {
            tracker.WasSent(request, silo, hops);
            CancelIfLate(request);
        }
    }

    /// <summary>Answers a request with a value.</summary>
    public void Reply<T>(Message request, T value)
    {
        if (request.Kind == MessageKind.OneWay)
        {
            return;
        }

        if (fence.IsUp)
        {
            ReplyWithError(request, FencedAfter(request));
            return;
        }

        var codec = (request.Request as CodeGeneration.GrainRequest<T>)?.ResultCodec;
        if (!request.SendingSilo.Equals(_self))
        {
            Answer(request, new Response<T>(value, codec));
        }
        else if (codec is null || codec.IsImmutable)
        {
            pending.Succeed(request.Id, value);
        }
        else
        {
            SucceedWithCopy(request.Id, value, codec);
        }
    }

    /// <summary>Answers a request with an exception.</summary>
    public void ReplyWithError(Message request, Exception error)
    {
        if (fence.IsUp && error is not SiloUnavailableException)
        {
            error = FencedAfter(request);
        }

        if (request.Kind == MessageKind.OneWay)
        {
            ReportOneWayFailed(request.Request.Method, request.TargetGrain, error);
        }
        else if (request.SendingSilo.Equals(_self))
        {
            pending.Fail(request.Id, error);
        }
        else
        {
            Answer(request, new FailedResponse(error));
        }
    }

    /// <summary>Tells the callee of a call that its caller no longer waits.</summary>
    public void Cancel(Message request)
    {
        request.IsCancelled = true;
        if (request.TargetSilo is not { } target)
        {
            // Not on its way yet: told when it is.
            return;
        }

        var cancel = new Message
        {
            Kind = MessageKind.Cancel,
            Id = request.Id,
            SendingSilo = _self,
            TargetSilo = target,
            TargetGrain = request.TargetGrain,
        };
        if (target.Equals(_self))
        {
            OnMessage(cancel);
        }
        else
        {
            transport.Send(cancel);
        }
    }

    /// <summary>Tells a silo that had a grain that the grain is registered here now.</summary>
    public void TellSuperseded(SiloAddress silo, GrainId grain)
    {
        transport.Send(new Message
        {
            Kind = MessageKind.Superseded,
            SendingSilo = _self,
            TargetSilo = silo,
            TargetGrain = grain,
        });
    }

    public void OnMessage(Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Request or MessageKind.OneWay when message.Body is UnreadableRequest unreadable:
                Reject(message, unreadable.Error);
                break;
            case MessageKind.Request or MessageKind.OneWay:
                DeliverOrPassOn(message);
                break;
            case MessageKind.Response:
                pending.Deliver(message.Id, (ReceivedResponse)message.Body!, message.SendingSilo);
                break;
            case MessageKind.Cancel:
                if (_local is not null && _local.TryGet(message.TargetGrain, out var activation))
                {
                    activation.Cancel(message.SendingSilo, message.Id);
                }

                break;
            case MessageKind.Moved:
                tracker.OnMoved(message);
                break;
            case MessageKind.Superseded:
                _local?.OnSuperseded(message.TargetGrain);
                break;
        }
    }

    public void OnUndeliverable(Message message)
    {
        if (message.Kind is not (MessageKind.Request or MessageKind.OneWay))
        {
            // The other side is gone and nobody waits there.
            return;
        }

        locator.Forget(message.TargetGrain, message.TargetSilo!);
        if (_isStopped)
        {
            Reject(message, PendingCalls.OwnSiloStopped(_self));
        }
        else if (message.ForwardCount < _maxForwardCount)
        {
            message.ForwardCount++;
            Dispatch(message);
        }
        else
        {
            Reject(message, new SiloUnavailableException(
                $"Request {message} could not be sent: silo {message.TargetSilo} is not reachable. It was not executed."));
        }
    }

    /// <summary>Answers a request that was not executed and will not be.</summary>
    public void Reject(Message request, Exception error)
    {
        ReplyWithError(request, error);
    }

    /// <summary>Refuses a request because this silo may not act.</summary>
    public void RejectFenced(Message request)
    {
        Reject(request, new SiloUnavailableException(
            $"Silo {_self} cannot prove that it is a member of its cluster and does not take request {request}. "
            + "It was not executed."));
    }

    /// <summary>Takes a request that another silo sent here; a silo that is stopping passes it on.</summary>
    private void DeliverOrPassOn(Message request)
    {
        if (locator.MustPlace(request) || !TryDeliver(request))
        {
            Dispatch(request);
        }
    }

    /// <summary>Takes a request for a grain that is to be on this silo.</summary>
    private void DeliverHere(Message request)
    {
        if (!TryDeliver(request))
        {
            Reject(request, EdgeGrainType.Is(request.TargetGrain.Type)
                ? EdgeErrors.NotConnected(request.TargetGrain)
                : new SiloUnavailableException(
                $"Silo {_self} is stopping and does not take request {request}. It was not executed."));
        }
    }

    /// <summary>A caller that gave up before its request had a silo is told of when it has one.</summary>
    private void CancelIfLate(Message request)
    {
        if (request.IsCancelled)
        {
            Cancel(request);
        }
    }

    private bool TryDeliver(Message request)
    {
        try
        {
            if (_local is null)
            {
                return false;
            }

            if (!request.Request.ActivatesGrain && !_local.TryGet(request.TargetGrain, out _))
            {
                RefuseStray(request);
                return true;
            }

            if (!_local.TryGetOrCreate(request.TargetGrain, out var activation))
            {
                return false;
            }

            activation.Receive(request);
        }
        catch (Exception error)
        {
            Reject(request, error);
        }

        return true;
    }

    private void RejectPassedOn(Message request)
    {
        Reject(request, new OrleansMessageRejectionException(
            $"Request {request} was passed on {_maxForwardCount} times without reaching an activation that takes it. "
            + "It was not executed."));
    }

    /// <summary>Refuses a request that makes sense only to an activation that is no more.</summary>
    private void RefuseStray(Message request)
    {
        if (request.Kind == MessageKind.Request)
        {
            Reject(request, new EnumerationAbortedException(
                $"Grain {request.TargetGrain} was deactivated; {request.Request.Method} cannot go on."));
        }
    }

    private SiloUnavailableException FencedAfter(Message request)
    {
        return new SiloUnavailableException(
            $"Silo {_self} lost its place in the cluster while it executed request {request}. Its outcome is not known.");
    }

    private static SerializerException Unwritable(Message message, Exception error)
    {
        return error as SerializerException
            ?? new SerializerException($"{message} could not be written: {error.Message}", error);
    }

    private void Answer(Message request, Response response)
    {
        try
        {
            SendAnswer(request, response);
        }
        catch (Exception error)
        {
            // Whatever the answer was, its caller must not wait for it until the timeout.
            SendAnswer(request, new FailedResponse(new SerializerException(
                $"The answer to {request.Request.Method} could not be written: {error.Message}")));
        }
    }

    private void SendAnswer(Message request, Response response)
    {
        transport.Send(new Message
        {
            Kind = MessageKind.Response,
            Id = request.Id,
            SendingSilo = _self,
            TargetSilo = request.SendingSilo,
            TargetGrain = request.TargetGrain,
            Body = response,
        });
    }

    private void SucceedWithCopy<T>(long id, T value, Codec<T> codec)
    {
        T copy;
        try
        {
            copy = serializer.Copy(codec, value);
        }
        catch (Exception error)
        {
            pending.Fail(id, error);
            return;
        }

        pending.Succeed(id, copy);
    }

    private async Task DispatchWhenLocatedAsync(ValueTask<SiloAddress> location, Message request)
    {
        try
        {
            SendTo(await location, request);
        }
        catch (Exception error)
        {
            Reject(request, error);
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "One-way request {Method} to {Grain} failed.")]
    public partial void ReportOneWayFailed(CodeGeneration.GrainMethod method, GrainId grain, Exception error);
}
