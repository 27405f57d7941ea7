using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>Membership of a cluster whose silos share this process: every change is seen at once by all.</summary>
internal sealed class InMemoryMembership(InMemoryCluster cluster, LocalNode node, TimeProvider clock)
    : IClusterMembership
{
    public MembershipView Current => cluster.View;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }

    public IDisposable Watch(Action<MembershipView, MembershipView> onChange)
    {
        return cluster.Watch(onChange);
    }

    public ValueTask RefreshAsync(MembershipVersion minimum, CancellationToken cancellationToken)
    {
        return ValueTask.CompletedTask;
    }

    public Task UpdateStatusAsync(SiloStatus status, CancellationToken cancellationToken)
    {
        if (status == SiloStatus.Joining)
        {
            cluster.SetInfo(node.Address, new SiloInfo(node.Name, clock.GetUtcNow().UtcDateTime, node.Metadata));
        }

        cluster.SetStatus(node.Address, status);
        return Task.CompletedTask;
    }

    public Task AbandonAsync()
    {
        return UpdateStatusAsync(SiloStatus.Dead, CancellationToken.None);
    }
}
