using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded.Placement;

/// <summary>
/// Chooses the silo for a grain that is not active. Directors are in silos only: a client sends a request for a grain of
/// theirs to any silo, which locates the grain again.
/// </summary>
internal sealed class PlacementService(
    LocalNode node, IClusterMembership membership, PlacementRandom random, IServiceProvider services)
{
    /// <exception cref="SiloUnavailableException">No silo takes new grains.</exception>
    /// <exception cref="OrleansConfigurationException">The strategy's director is not registered.</exception>
    public ValueTask<SiloAddress> ChooseAsync(GrainClass grainClass, Message request)
    {
        var view = membership.Current;
        var active = view.Active;
        if (active.IsEmpty)
        {
            throw new SiloUnavailableException($"No active silo can take grain {request.TargetGrain}.");
        }

        if (grainClass.HasDirector && !node.Address.IsClient)
        {
            return DirectAsync(grainClass.Placement, request, view);
        }

        return new ValueTask<SiloAddress>(grainClass.Placement switch
        {
            KeyedSiloPlacement => KeyedSiloPlacement.Choose(request.TargetGrain, view),
            _ when HintOf(request) is { } hint && active.Contains(hint) => hint,
            PreferLocalPlacement when active.Contains(node.Address) => node.Address,
            HashBasedPlacement => active[(int)(request.TargetGrain.GetUniformHashCode() % (uint)active.Length)],
            _ => active[random.Next(active.Length)],
        });
    }

    private static SiloAddress? HintOf(Message request)
    {
        return request.Context?.GetValueOrDefault(IPlacementDirector.PlacementHintKey) as SiloAddress;
    }

    private async ValueTask<SiloAddress> DirectAsync(PlacementStrategy strategy, Message request, MembershipView view)
    {
        var director = services.GetKeyedService<IPlacementDirector>(strategy.GetType())
            ?? throw new OrleansConfigurationException(
                $"Grain {request.TargetGrain} is placed by {strategy.GetType()}, which has no director. Register one by "
                + "AddPlacementDirector, on every silo.");
        var target = new PlacementTarget(
            request.TargetGrain,
            request.Context is { } context ? new Dictionary<string, object>(context) : [],
            GrainInterfaceType.Create(request.Request.Method.InterfaceName),
            interfaceVersion: 0);
        var chosen = await director.OnAddActivation(strategy, target, new PlacementContext(node.Address, view));
        return view.Active.Contains(chosen) ? chosen : throw new SiloUnavailableException(
            $"{director.GetType()} chose silo {chosen} for grain {request.TargetGrain}, which is not active.");
    }
}
