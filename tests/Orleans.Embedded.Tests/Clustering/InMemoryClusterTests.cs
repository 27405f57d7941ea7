using System.Net;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.InMemory;

namespace Orleans.Embedded.Tests.Clustering;

public sealed class InMemoryClusterTests
{
    private readonly InMemoryCluster _cluster = new();

    [Fact]
    public void SetStatus_Dead_IsFinal()
    {
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Dead);
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Active);

        Assert.Equal(SiloStatus.Dead, _cluster.View.StatusOf(Silo(1, 1)));
    }

    [Fact]
    public void SetStatus_HigherGenerationJoins_TheLowerIsDead()
    {
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Active);

        _cluster.SetStatus(Silo(1, 2), SiloStatus.Joining);

        Assert.Equal(SiloStatus.Dead, _cluster.View.StatusOf(Silo(1, 1)));
        Assert.Equal(SiloStatus.Joining, _cluster.View.StatusOf(Silo(1, 2)));
    }

    [Fact]
    public void Watch_Changes_ComeInOrderUntilDisposed()
    {
        var seen = new List<long>();
        var watch = _cluster.Watch((previous, current) =>
        {
            Assert.Equal(previous.Version.Value + 1, current.Version.Value);
            seen.Add(current.Version.Value);
        });

        _cluster.SetStatus(Silo(1, 1), SiloStatus.Joining);
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Active);
        watch.Dispose();
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Dead);

        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public void NewlyDead_SiloDies_IsNamedOnce()
    {
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Active);
        _cluster.SetStatus(Silo(2, 1), SiloStatus.Active);
        var before = _cluster.View;
        _cluster.SetStatus(Silo(1, 1), SiloStatus.Dead);
        var after = _cluster.View;

        Assert.Equal([Silo(1, 1)], after.NewlyDead(before));
        Assert.Empty(after.NewlyDead(after));
        Assert.Equal([Silo(2, 1)], after.Active.ToArray());
        Assert.Empty(MembershipView.Empty.Active);
    }

    private static SiloAddress Silo(int port, int generation)
    {
        return SiloAddress.New(IPAddress.Loopback, port, generation);
    }
}
