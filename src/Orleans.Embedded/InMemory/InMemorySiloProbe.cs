using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>Looks whether a silo of this process is connected.</summary>
internal sealed class InMemorySiloProbe(InMemoryCluster cluster) : ISiloProbe
{
    public Task<bool> IsGoneAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        return Task.FromResult(cluster.FindAt(silo.Endpoint) is null);
    }
}
