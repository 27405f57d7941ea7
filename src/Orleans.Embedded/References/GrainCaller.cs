using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Filters;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Streaming;
using Orleans.Runtime;

namespace Orleans.Embedded.References;

/// <summary>Turns calls through grain references into requests, and makes the references.</summary>
internal sealed class GrainCaller(
    GrainManifestIndex manifest,
    MessageCenter messages,
    Serializer serializer,
    TimeProvider clock,
    MessagingOptions options,
    IServiceProvider services)
    : IReferenceRuntime
{
    /// <summary>How many kinds of references are kept ready; a peer that names more grain types costs no memory.</summary>
    private const int MaxBindings = 10_000;

    private readonly ConcurrentDictionary<(GrainType, Type), (ReferenceBinding, GrainInterface)> _bindings = new();

    private readonly long _defaultTimeout = ToTimestamp(options.ResponseTimeout, clock);

    private IOutgoingGrainCallFilter[]? _filters;

    // The filters themselves are made at the first call, because they may need grain references.
    private bool HasFilters { get; } = services.GetRequiredService<IServiceProviderIsService>()
        .IsService(typeof(IOutgoingGrainCallFilter));

    /// <summary>Where copies of arguments are made.</summary>
    public CopyScope CopyScope => new(serializer);

    private MessageCenter Messages => messages;

    /// <summary>
    /// A reference may be used in another silo of this process; a call goes out through the silo it is made in.
    /// </summary>
    private GrainCaller Here => ActivationContext.Current?.Host.Caller ?? this;

    public Task<T> Call<T>(GrainReference target, GrainRequest<T> request)
    {
        var token = request.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(token);
        }

        var here = Here;
        return here.HasFilters
            ? here.CallFiltered(target, request, copy => here.Post<T>(target.GrainId, copy, token))
            : here.Post<T>(target.GrainId, request, token);
    }

    public Task Call(GrainReference target, VoidGrainRequest request)
    {
        if (request.Method.IsOneWay)
        {
            Send(target, request);
            return Task.CompletedTask;
        }

        var token = request.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        var here = Here;
        return here.HasFilters
            ? here.CallFiltered<object?>(target, request, copy => here.PostVoidAsync(target.GrainId, copy, token))
            : here.Post<Nothing>(target.GrainId, request, token);
    }

    public void Send(GrainReference target, GrainRequest request)
    {
        var here = Here;
        if (here.HasFilters)
        {
            _ = here.SendFilteredAsync(target, request);
        }
        else
        {
            here.PostOneWay(target.GrainId, request);
        }
    }

    /// <summary>Whether a silo is no member any more, as the silo sees it that calls go out from.</summary>
    public bool IsGone(SiloAddress silo)
    {
        return Here.Messages.IsGone(silo);
    }

    public IAsyncEnumerable<T> Enumerate<T>(GrainReference target, StreamGrainRequest<T> request)
    {
        return new GrainEnumerable<T>(this, target, request);
    }

    public IAddressable CreateReference(Type interfaceType, GrainId grainId)
    {
        var (binding, description) = _bindings.TryGetValue((grainId.Type, interfaceType), out var known)
            ? known
            : _bindings.Count < MaxBindings
                ? _bindings.GetOrAdd((grainId.Type, interfaceType), Bind)
                : Bind((grainId.Type, interfaceType));
        return description.CreateProxy(binding, grainId.Key);
    }

    public GrainReference CreateReference(GrainId grainId)
    {
        return new GrainReference(new ReferenceBinding(grainId.Type, default, this), grainId.Key);
    }

    private static long ToTimestamp(TimeSpan timeout, TimeProvider clock)
    {
        return (long)(timeout.TotalSeconds * clock.TimestampFrequency);
    }

    private SiloUnavailableException OwnSiloFenced()
    {
        return new SiloUnavailableException(
            $"Silo {messages.Self}, which made the call, cannot prove that it is a member of its cluster. The call was "
            + "not sent.");
    }

    private (ReferenceBinding, GrainInterface) Bind((GrainType Type, Type Interface) key)
    {
        var description = manifest.InterfaceOf(key.Interface);
        return (new ReferenceBinding(key.Type, description.Name, this), description);
    }

    private Task<T> CallFiltered<T>(GrainReference target, GrainRequest request, Func<GrainRequest, Task<T>> send)
    {
        _filters ??= [.. services.GetServices<IOutgoingGrainCallFilter>()];
        return new OutgoingCall<T>(target, request, _filters, manifest, send).CallAsync();
    }

    private async Task SendFilteredAsync(GrainReference target, GrainRequest request)
    {
        try
        {
            await CallFiltered<object?>(target, request, copy =>
            {
                PostOneWay(target.GrainId, copy);
                return Task.FromResult<object?>(null);
            });
        }
        catch (Exception error)
        {
            messages.ReportOneWayFailed(request.Method, target.GrainId, error);
        }
    }

    private async Task<object?> PostVoidAsync(GrainId target, GrainRequest request, CancellationToken token)
    {
        await Post<Nothing>(target, request, token);
        return null;
    }

    private Task<T> Post<T>(GrainId target, GrainRequest request, CancellationToken token)
    {
        var call = new PendingCall<T>();
        var now = clock.GetTimestamp();
        if (messages.IsStopped || messages.Fence.IsUpAt(now))
        {
            call.Fail(messages.IsStopped ? PendingCalls.OwnSiloStopped(messages.Self) : OwnSiloFenced());
            return call.Task;
        }

        try
        {
            request.CopyArguments(CopyScope);
        }
        catch (Exception error)
        {
            call.Fail(error);
            return call.Task;
        }

        var timeout = request.Method.ResponseTimeout is { } own ? ToTimestamp(own, clock) : _defaultTimeout;
        var message = new Message
        {
            Kind = MessageKind.Request,
            SendingSilo = messages.Self,
            TargetGrain = target,
            Context = RequestContext.Current,
            Body = request,
            Call = call,
            CanBeCancelled = token.CanBeCanceled,
            Deadline = now + timeout,
        };
        request.OnPosted(message);
        messages.Pending.Add(message);
        if (token.CanBeCanceled)
        {
            message.CancellationWatch = token.UnsafeRegister(Watch.OnCancelled, new Watch(messages, message));
        }

        messages.Dispatch(message);
        return call.Task;
    }

    private void PostOneWay(GrainId target, GrainRequest request)
    {
        if (!messages.IsStopped && !messages.Fence.IsUp)
        {
            request.CopyArguments(CopyScope);
            messages.Dispatch(new Message
            {
                Kind = MessageKind.OneWay,
                SendingSilo = messages.Self,
                TargetGrain = target,
                Context = RequestContext.Current,
                Body = request,
            });
        }
    }

    /// <summary>
    /// A caller's cancellation token: when it fires, the caller is free at once and the callee is told.
    /// </summary>
    private sealed class Watch(MessageCenter messages, Message message)
    {
        public static readonly Action<object?, CancellationToken> OnCancelled =
            static (watch, token) => ((Watch)watch!).Cancel(token);

        private void Cancel(CancellationToken token)
        {
            if (messages.Pending.TryCancel(message.Id, token))
            {
                messages.Cancel(message);
            }
        }
    }
}
