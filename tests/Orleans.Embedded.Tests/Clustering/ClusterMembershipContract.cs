using System.Collections.Immutable;
using System.Net;
using Orleans.Embedded.Clustering;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>What every membership must do.</summary>
public abstract class ClusterMembershipContract : IAsyncLifetime
{
    private protected abstract ClusterUnderTest Cluster { get; }

    public virtual Task InitializeAsync()
    {
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Fact]
    public async Task Start_NoSilo_NobodyIsActive()
    {
        var client = await Cluster.AddAsync(LocalNode.ForClient("client", Cluster.Id));

        Assert.Empty(client.Current.Active);
    }

    [Fact]
    public async Task UpdateStatus_JoiningThenActive_AllSeeIt()
    {
        var (first, second) = (await ActiveAsync(1), await ActiveAsync(2));
        var client = await Cluster.AddAsync(LocalNode.ForClient("client", Cluster.Id));

        await Cluster.SettleAsync();

        foreach (var membership in new[] { first, second, client })
        {
            Assert.Equal([Silo(1), Silo(2)], membership.Current.Active.OrderBy(static silo => silo.Endpoint.Port));
        }
    }

    [Fact]
    public async Task UpdateStatus_Lower_ChangesNothing()
    {
        var silo = await ActiveAsync(1);
        await silo.UpdateStatusAsync(SiloStatus.ShuttingDown, CancellationToken.None);
        var version = silo.Current.Version;

        await silo.UpdateStatusAsync(SiloStatus.Active, CancellationToken.None);

        Assert.Equal(SiloStatus.ShuttingDown, silo.Current.StatusOf(Silo(1)));
        Assert.Equal(version, silo.Current.Version);
    }

    [Fact]
    public async Task UpdateStatus_Dead_IsFinalAndSeenByTheOthers()
    {
        var (first, second) = (await ActiveAsync(1), await ActiveAsync(2));

        await first.UpdateStatusAsync(SiloStatus.Dead, CancellationToken.None);
        await Cluster.SettleAsync();

        Assert.Equal(SiloStatus.Dead, second.Current.StatusOf(Silo(1)));
        Assert.Equal([Silo(2)], second.Current.Active.ToArray());
    }

    [Fact]
    public async Task Watch_Changes_ComeInOrderUntilDisposed()
    {
        var first = await ActiveAsync(1);
        var seen = new List<MembershipVersion>();
        var watch = first.Watch((previous, current) =>
        {
            Assert.True(current.Version > previous.Version);
            seen.Add(current.Version);
        });

        await ActiveAsync(2);
        await Cluster.SettleAsync();
        var count = seen.Count;
        watch.Dispose();
        await ActiveAsync(3);
        await Cluster.SettleAsync();

        Assert.True(count > 0);
        Assert.Equal(count, seen.Count);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task Refresh_VersionThatAnotherKnows_IsReachedAtOnce()
    {
        var first = await ActiveAsync(1);
        var second = await ActiveAsync(2);

        await first.RefreshAsync(second.Current.Version, CancellationToken.None);

        Assert.Equal(SiloStatus.Active, first.Current.StatusOf(Silo(2)));
    }

    [Fact]
    public async Task Join_LaterGenerationAtTheEndpoint_TheEarlierIsDead()
    {
        var old = await ActiveAsync(1);
        await old.AbandonAsync();

        var next = await ActiveAsync(1, generation: 2);

        Assert.Equal(SiloStatus.Dead, next.Current.StatusOf(Silo(1)));
        Assert.Equal([Silo(1, 2)], next.Current.Active.ToArray());
    }

    [Fact]
    public async Task Join_WithMetadata_AllSeeItAndKeepIt()
    {
        var first = await ActiveAsync(1);
        var metadata = new SiloMetadata
        {
            Metadata = ImmutableDictionary<string, string>.Empty.Add("zone", "a").Add("quote \" and \u00e9", string.Empty),
        };
        var second = await Cluster.AddAsync(new LocalNode("silo 2", Cluster.Id, Silo(2)) { Metadata = metadata });
        await Cluster.Join(second).Within("silo 2's place in the cluster");
        await second.UpdateStatusAsync(SiloStatus.Active, CancellationToken.None);
        await ActiveAsync(3);
        await Cluster.SettleAsync();

        foreach (var membership in new[] { first, second })
        {
            Assert.Equal(metadata.Metadata, membership.Current.InfoOf(Silo(2)).Metadata.Metadata);
            Assert.Empty(membership.Current.InfoOf(Silo(3)).Metadata.Metadata);
            Assert.Equal("silo 2", membership.Current.InfoOf(Silo(2)).Name);
            Assert.NotEqual(default, membership.Current.InfoOf(Silo(2)).StartTime);
            Assert.Same(SiloInfo.Unknown, membership.Current.InfoOf(Silo(4)));
        }
    }

    private protected static SiloAddress Silo(int port, int generation = 1)
    {
        return SiloAddress.New(IPAddress.Loopback, port, generation);
    }

    private protected async Task<IClusterMembership> ActiveAsync(int port, int generation = 1)
    {
        var membership = await Cluster.AddAsync(new LocalNode($"silo {port}", Cluster.Id, Silo(port, generation)));
        await Cluster.Join(membership).Within($"silo {port}'s place in the cluster");
        await membership.UpdateStatusAsync(SiloStatus.Active, CancellationToken.None);
        return membership;
    }
}
