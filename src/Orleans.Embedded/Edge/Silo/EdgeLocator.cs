using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>On an edge silo its own grains are here and all others behind the gateway.</summary>
internal sealed class EdgeLocator(LocalNode node, EdgeHosting hosting, EdgeTransport transport) : IGrainLocator
{
    public ValueTask<SiloAddress> LocateAsync(Message request)
    {
        var grainId = request.TargetGrain;
        return new ValueTask<SiloAddress>(hosting.IsOwn(grainId) ? node.Address : transport.Gateway
            ?? throw new SiloUnavailableException(
                $"The edge silo is not connected to a gateway. The request to grain {grainId} was not executed."));
    }

    public ValueTask<SiloAddress?> FindAsync(GrainId grainId)
    {
        throw new NotSupportedException("An edge silo has no directory.");
    }

    public bool MustPlace(Message request)
    {
        return false;
    }

    public ValueTask<GrainRegistration> RegisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        return new ValueTask<GrainRegistration>(new GrainRegistration(address, 0));
    }

    public ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        return ValueTask.CompletedTask;
    }

    public void Forget(GrainId grainId, SiloAddress silo)
    {
    }

    public void ForgetSilo(SiloAddress silo)
    {
    }
}
