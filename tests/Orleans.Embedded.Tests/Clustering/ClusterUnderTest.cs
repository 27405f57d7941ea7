using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>A cluster whose members a test makes.</summary>
internal abstract class ClusterUnderTest : IAsyncDisposable
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Makes the membership of a node and starts it.</summary>
    public abstract Task<IClusterMembership> AddAsync(LocalNode node);

    /// <summary>Lets a silo join, whatever time that takes.</summary>
    public virtual Task Join(IClusterMembership membership)
    {
        return membership.UpdateStatusAsync(SiloStatus.Joining, CancellationToken.None);
    }

    /// <summary>Returns when all members have seen what changed before.</summary>
    public abstract Task SettleAsync();

    public virtual ValueTask DisposeAsync()
    {
        return ValueTask.CompletedTask;
    }
}
