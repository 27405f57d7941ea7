using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.References;
using Orleans.Embedded.Streaming;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>Makes the activations of this silo and ends them all when it stops.</summary>
internal sealed class Catalog(
    LocalNode node,
    IServiceProvider services,
    GrainManifestIndex manifest,
    IClusterMembership membership,
    MessageCenter messages,
    GrainCaller caller,
    StreamSweep streams,
    ActivationLifecycle lifecycle,
    IdleCollector collector,
    ActivationRegistry registry)
{
    private readonly ConcurrentDictionary<GrainType, GrainHost> _hosts = new();
    private int _isStopping;

    public bool IsStopping => Volatile.Read(ref _isStopping) != 0;

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out Activation? activation)
    {
        return registry.TryGet(grainId, out activation);
    }

    /// <summary>Finds or makes the activation; false when the silo stops and makes no new ones.</summary>
    public bool TryGetOrCreate(GrainId grainId, [NotNullWhen(true)] out Activation? activation)
    {
        while (!registry.TryGet(grainId, out activation))
        {
            if (IsStopping)
            {
                return false;
            }

            activation = new Activation(HostOf(grainId.Type), new GrainAddress
            {
                GrainId = grainId,
                ActivationId = ActivationId.NewId(),
                SiloAddress = node.Address,
                MembershipVersion = membership.Current.Version,
            });
            if (registry.TryAdd(activation))
            {
                // Either the stop sees the new activation in the registry, or this sees the stop.
                if (IsStopping)
                {
                    TakeBack(activation);
                    return false;
                }

                activation.Activate();
                return true;
            }
        }

        return true;
    }

    /// <summary>
    /// Ends all activations and makes no more. Returns when they have ended, or throws when cancelled.
    /// </summary>
    public async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _isStopping, 1);
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, $"Silo {node.Address} stops.");
        while (!registry.IsEmpty)
        {
            var ended = new List<Task>();
            foreach (var activation in registry.All)
            {
                activation.Deactivate(reason, cancellationToken);
                ended.Add(activation.Deactivated);
            }

            await Task.WhenAll(ended).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Undoes an activation that was not begun; requests that reached it in between are sent on.</summary>
    private void TakeBack(Activation activation)
    {
        registry.Remove(activation);
        foreach (var request in activation.Gate.Leave())
        {
            messages.Dispatch(request);
        }

        registry.Forget(activation);
    }

    private GrainHost HostOf(GrainType grainType)
    {
        return _hosts.TryGetValue(grainType, out var host) ? host : _hosts.GetOrAdd(
            grainType,
            type => new GrainHost(manifest.ClassOf(type), services, messages, caller, streams, lifecycle, collector));
    }
}
