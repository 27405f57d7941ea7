using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Streaming;
using Orleans.Runtime;

namespace Orleans.Embedded.References;

/// <summary>Turns calls through grain references into requests, and makes the references.</summary>
internal sealed class GrainCaller(
    GrainManifestIndex manifest, MessageCenter messages, TimeProvider clock, IOptions<SiloMessagingOptions> options)
    : IReferenceRuntime
{
    private readonly ConcurrentDictionary<(GrainType, Type), (ReferenceBinding, GrainInterface)> _bindings = new();

    private readonly long _defaultTimeout = ToTimestamp(options.Value.ResponseTimeout, clock);

    /// <summary>
    /// A reference that came from another silo is bound to that silo; a call goes out through the silo it is made in.
    /// </summary>
    private GrainCaller Here => ActivationContext.Current?.Host.Caller ?? this;

    public Task<T> Call<T>(GrainReference target, GrainRequest<T> request)
    {
        var token = request.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(token);
        }

        var call = new PendingCall<T>();
        Here.Post(target.GrainId, request, call, token);
        return call.Task;
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

        var call = new PendingCall<Nothing>();
        Here.Post(target.GrainId, request, call, token);
        return call.Task;
    }

    public void Send(GrainReference target, GrainRequest request)
    {
        Here.PostOneWay(target.GrainId, request);
    }

    public IAsyncEnumerable<T> Enumerate<T>(GrainReference target, StreamGrainRequest<T> request)
    {
        return new GrainEnumerable<T>(this, target, request);
    }

    public IAddressable CreateReference(Type interfaceType, GrainId grainId)
    {
        var (binding, description) = _bindings.TryGetValue((grainId.Type, interfaceType), out var known)
            ? known
            : _bindings.GetOrAdd((grainId.Type, interfaceType), Bind);
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

    private (ReferenceBinding, GrainInterface) Bind((GrainType Type, Type Interface) key)
    {
        var description = manifest.InterfaceOf(key.Interface);
        return (new ReferenceBinding(key.Type, description.Name, this), description);
    }

    private void Post(GrainId target, GrainRequest request, IPendingCall call, CancellationToken token)
    {
        if (messages.IsStopped)
        {
            call.Fail(PendingCalls.OwnSiloStopped(messages.Self));
            return;
        }

        var timeout = request.Method.ResponseTimeout is { } own ? ToTimestamp(own, clock) : _defaultTimeout;
        var message = new Message
        {
            Kind = MessageKind.Request,
            SendingSilo = messages.Self,
            TargetGrain = target,
            Body = request,
            Call = call,
            CanBeCancelled = token.CanBeCanceled,
            Deadline = clock.GetTimestamp() + timeout,
        };
        messages.Pending.Add(message);
        if (token.CanBeCanceled)
        {
            message.CancellationWatch = token.UnsafeRegister(Watch.OnCancelled, new Watch(messages, message));
        }

        messages.Dispatch(message);
    }

    private void PostOneWay(GrainId target, GrainRequest request)
    {
        if (!messages.IsStopped)
        {
            messages.Dispatch(new Message
            {
                Kind = MessageKind.OneWay,
                SendingSilo = messages.Self,
                TargetGrain = target,
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
