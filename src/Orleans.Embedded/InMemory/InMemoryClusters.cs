using System.Collections.Concurrent;
using System.Net;

namespace Orleans.Embedded.InMemory;

/// <summary>
/// The clusters that hosts of this process form by <c>UseLocalhostClustering</c>: those with the same names and the same
/// primary endpoint.
/// </summary>
internal static class InMemoryClusters
{
    private static readonly ConcurrentDictionary<(string, string, IPEndPoint), WeakReference<InMemoryCluster>> Clusters = new();
    private static readonly Lock JoinLock = new();

    /// <summary>The cluster of these names, which lives as long as one of its hosts.</summary>
    public static InMemoryCluster Join(string clusterId, string serviceId, IPEndPoint primary)
    {
        lock (JoinLock)
        {
            var reference = Clusters.GetOrAdd((clusterId, serviceId, primary), static _ => new(new InMemoryCluster()));
            if (!reference.TryGetTarget(out var cluster))
            {
                cluster = new InMemoryCluster();
                reference.SetTarget(cluster);
            }

            return cluster;
        }
    }
}
