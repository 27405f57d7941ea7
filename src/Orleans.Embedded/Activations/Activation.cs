using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Filters;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Streaming;
using Orleans.Embedded.Timers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.Activations;

/// <summary>
/// One activation of a grain: the grain object, its turns and its requests. Life: registered in the directory,
/// constructed, state read, <c>OnActivateAsync</c>, requests, <c>OnDeactivateAsync</c>, out of the directory, gone.
/// </summary>
internal sealed class Activation : IGrainContext, IRequestTarget
{
    private static readonly Turn ActivateTurn = new(static self => _ = self._host.Lifecycle.ActivateAsync(self));
    private static readonly Turn EndTurn = new(static self => _ = self._host.Lifecycle.EndAsync(self, wasOpen: true));
    private static readonly Turn BeginEndTurn = new(static self => self.BeginEnd());
    private readonly GrainHost _host;
    private readonly ActivationScheduler _scheduler;
    private Ending? _ending;
    private GrainReference? _reference;
    private IServiceScope? _scope;
    private TaskCompletionSource? _deactivated;
    private ActivationTimers? _timers;
    private long _lastUse;
    private long _keptUntil;

    public Activation(GrainHost host, GrainAddress address)
    {
        _host = host;
        Address = address;
        _scheduler = new ActivationScheduler(this);
        Gate = new RequestGate(_scheduler, host.Class.IsReentrant);
        _lastUse = host.Collector.Now;
    }

    public GrainAddress Address { get; }

    public GrainId GrainId => Address.GrainId;

    public ActivationId ActivationId => Address.ActivationId;

    public object? GrainInstance { get; set; }

    public GrainReference GrainReference => _reference ??= _host.Caller.CreateReference(GrainId);

    public IServiceProvider ActivationServices => (_scope ??= _host.Services.CreateScope()).ServiceProvider;

    public GrainHost Host => _host;

    public RequestGate Gate { get; }

    /// <summary>The enumerations that consumers have open; null when there never was one.</summary>
    public ActivationStreams? Streams { get; set; }

    /// <summary>The timers of the grain; null when there never was one.</summary>
    public ActivationTimers? Timers => Volatile.Read(ref _timers);

    /// <summary>When the last request that counts as use ended, as a time of the collector.</summary>
    public long LastUse => Volatile.Read(ref _lastUse);

    /// <summary>Until when the grain wants to be kept although nobody uses it, as a time of the collector.</summary>
    public long KeptUntil => Volatile.Read(ref _keptUntil);

    /// <summary>Higher than that of every activation that the grain had before; 0 until this one is registered.</summary>
    public long FencingToken { get; set; }

    /// <summary>Why the activation ends; null while it is not told to.</summary>
    public Ending? EndingNow => Volatile.Read(ref _ending);

    public Task Deactivated
    {
        get
        {
            if (_deactivated is null)
            {
                Interlocked.CompareExchange(
                    ref _deactivated, new(TaskCreationOptions.RunContinuationsAsynchronously), null);
            }

            return _deactivated.Task;
        }
    }

    /// <summary>Begins the activation's life.</summary>
    public void Activate()
    {
        _scheduler.Enqueue(ActivateTurn);
    }

    public void Receive(Message request)
    {
        if (!Gate.TryAdmit(request))
        {
            _host.Messages.Dispatch(request);
        }
    }

    /// <summary>Runs the first turn of a request.</summary>
    public void Start(Message request)
    {
        if (_host.Fence.IsUp && request.Body is not TimerTick)
        {
            _host.Messages.RejectFenced(request);
            Complete(request);
            return;
        }

        if (request.CanBeCancelled)
        {
            request.Cancellation = new CancellationTokenSource();
            request.Request.CancellationToken = request.Cancellation.Token;
        }

        if (request.Context is { } context)
        {
            // The scheduler takes it back after the turn.
            RequestContext.Current = context;
        }

        if (_host.Filters is { } filters)
        {
            _ = new IncomingCall(this, request, filters, _host.Manifest).StartAsync();
        }
        else
        {
            request.Request.Start(this, request);
        }
    }

    /// <summary>Ends a request with a result.</summary>
    public void Succeed<T>(Message request, T result)
    {
        _host.Messages.Reply(request, result);
        Complete(request);
    }

    /// <summary>Ends a request with an exception.</summary>
    public void Fail(Message request, Exception error)
    {
        if (error is InconsistentStateException conflict && conflict.SourceActivation == ActivationId)
        {
            Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationError, error, "A write met a newer version of the grain's state."));
        }

        _host.Messages.ReplyWithError(request, error);
        Complete(request);
    }

    /// <summary>Cancels the token of a request, in a turn of this activation.</summary>
    public void Cancel(SiloAddress sender, long id)
    {
        if (Gate.Cancel(sender, id) is { } request)
        {
            _scheduler.Enqueue(new Turn(_ => request.Cancellation?.Cancel()));
        }
    }

    /// <summary>Runs something in a turn of this activation.</summary>
    public void Run(Turn turn)
    {
        _scheduler.Enqueue(turn);
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        var ending = new Ending(deactivationReason, cancellationToken);
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null)
        {
            return;
        }

        if (Gate.Close())
        {
            _scheduler.Enqueue(EndTurn);
        }
        else
        {
            // An open enumeration, or a timer's callback, may hold a running request for as long as it likes.
            _scheduler.Enqueue(BeginEndTurn);
        }
    }

    /// <summary>Ends the activation if no request runs or waits.</summary>
    public bool TryEndIdle()
    {
        if (!Gate.TryCloseIdle())
        {
            return false;
        }

        var reason = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody used the activation.");
        Interlocked.CompareExchange(ref _ending, new Ending(reason, CancellationToken.None), null);
        _scheduler.Enqueue(EndTurn);
        return true;
    }

    /// <summary>Keeps the activation for a time although nobody uses it.</summary>
    public void Keep(TimeSpan time)
    {
        var until = time == Timeout.InfiniteTimeSpan ? long.MaxValue
            : time <= TimeSpan.Zero ? 0
            : _host.Collector.After(time);
        Volatile.Write(ref _keptUntil, until);
    }

    public void Add(GrainTimer timer)
    {
        if (_timers is null)
        {
            Interlocked.CompareExchange(ref _timers, new ActivationTimers(isStopped: EndingNow is not null), null);
        }

        _timers.Add(timer);
    }

    /// <summary>Ends timers and enumerations; completes when the code of the enumerations has run to its end.</summary>
    public Task BeginEnd()
    {
        Timers?.Stop();
        return Streams?.Abort() ?? Task.CompletedTask;
    }

    /// <summary>Gives up what the activation held, as its last act.</summary>
    public async ValueTask DisposeAsync()
    {
        switch (GrainInstance)
        {
            case IAsyncDisposable grain:
                await grain.DisposeAsync();
                break;
            case IDisposable grain:
                grain.Dispose();
                break;
        }

        if (_scope is IAsyncDisposable scope)
        {
            await scope.DisposeAsync();
        }
    }

    /// <summary>Tells those who wait that the activation has ended.</summary>
    public void SetDeactivated()
    {
        _ = Deactivated;
        _deactivated!.TrySetResult();
    }

    public bool Equals(IGrainContext? other)
    {
        return ReferenceEquals(this, other);
    }

    public override bool Equals(object? obj)
    {
        return ReferenceEquals(this, obj);
    }

    public override int GetHashCode()
    {
        return ActivationId.GetHashCode();
    }

    public override string ToString()
    {
        return Address.ToString();
    }

    private void Complete(Message request)
    {
        if (request.Request.CountsAsUse)
        {
            Volatile.Write(ref _lastUse, _host.Collector.Now);
        }

        // Not disposed: the grain may still hold the token, and a source without a timer holds nothing.
        if (Gate.Complete(request))
        {
            _scheduler.Enqueue(EndTurn);
        }
    }
}
