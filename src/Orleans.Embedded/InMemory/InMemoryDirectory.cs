using Orleans.Embedded.Directory;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>The grain directory of a cluster whose silos share this process.</summary>
internal sealed class InMemoryDirectory(InMemoryCluster cluster) : IGrainDirectoryStore
{
    public ValueTask<GrainAddress?> LookupAsync(GrainId grainId, CancellationToken cancellationToken)
    {
        return new ValueTask<GrainAddress?>(cluster.Rows.GetValueOrDefault(grainId));
    }

    public ValueTask<GrainRegistration> RegisterAsync(
        GrainAddress address, GrainAddress? previous, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = cluster.Rows.GetOrAdd(address.GrainId, address);
            if (row.Matches(address)
                || (row.Matches(previous) && cluster.Rows.TryUpdate(address.GrainId, address, row)))
            {
                return new ValueTask<GrainRegistration>(new GrainRegistration(address, cluster.NextFencingToken()));
            }

            if (!row.Matches(previous))
            {
                return new ValueTask<GrainRegistration>(new GrainRegistration(row, 0));
            }
        }
    }

    public ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken)
    {
        if (cluster.Rows.TryGetValue(address.GrainId, out var row) && row.Matches(address))
        {
            cluster.Rows.TryRemove(new KeyValuePair<GrainId, GrainAddress>(address.GrainId, row));
        }

        return ValueTask.CompletedTask;
    }
}
