using Orleans.Embedded.Clustering;
using Orleans.Embedded.InMemory;

namespace Orleans.Embedded.Tests.Clustering;

public sealed class InMemoryMembershipTests : ClusterMembershipContract
{
    private protected override ClusterUnderTest Cluster { get; } = new MemoryCluster();

    private sealed class MemoryCluster : ClusterUnderTest
    {
        private readonly InMemoryCluster _cluster = new();

        public override async Task<IClusterMembership> AddAsync(LocalNode node)
        {
            var membership = new InMemoryMembership(_cluster, node, TimeProvider.System);
            await membership.StartAsync(CancellationToken.None);
            return membership;
        }

        public override Task SettleAsync()
        {
            return Task.CompletedTask;
        }
    }
}
