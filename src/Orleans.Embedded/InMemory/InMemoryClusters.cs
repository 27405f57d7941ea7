using System.Net;

namespace Orleans.Embedded.InMemory;

/// <summary>
/// The clusters that hosts of this process form by <c>UseLocalhostClustering</c>: those with the same names and the
/// same primary endpoint. A cluster exists from the start of its first host until the last one is disposed of.
/// </summary>
internal static class InMemoryClusters
{
    private static readonly Dictionary<(string ClusterId, string ServiceId, IPEndPoint Primary), Entry> Clusters = [];
    private static readonly Lock JoinLock = new();

    /// <summary>Joins the cluster of these names.</summary>
    public static InMemoryClusterLease Join(string clusterId, string serviceId, IPEndPoint primary)
    {
        var key = (clusterId, serviceId, primary);
        lock (JoinLock)
        {
            if (!Clusters.TryGetValue(key, out var entry))
            {
                entry = new Entry();
                Clusters.Add(key, entry);
            }

            entry.Hosts++;
            return new InMemoryClusterLease(entry.Cluster, () => Leave(key, entry));
        }
    }

    private static void Leave((string ClusterId, string ServiceId, IPEndPoint Primary) key, Entry entry)
    {
        lock (JoinLock)
        {
            if (--entry.Hosts == 0)
            {
                Clusters.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        public InMemoryCluster Cluster { get; } = new();

        public int Hosts { get; set; }
    }
}

/// <summary>A host's part in a cluster, which ends with the host.</summary>
internal sealed class InMemoryClusterLease(InMemoryCluster cluster, Action leave) : IDisposable
{
    public InMemoryCluster Cluster => cluster;

    public void Dispose()
    {
        leave();
    }
}
