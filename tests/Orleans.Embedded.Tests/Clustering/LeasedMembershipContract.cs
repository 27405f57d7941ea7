using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>What membership by leases must do beyond what any must: who may act, and who may declare whom dead.</summary>
public abstract class LeasedMembershipContract : ClusterMembershipContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private LeasedCluster? _cluster;

    private protected override ClusterUnderTest Cluster => Leased;

    private protected LeasedCluster Leased => _cluster ??= new LeasedCluster(Open);

    [Fact]
    public async Task Fence_CutOffFromTheTable_GoesUpBeforeTheLeaseEndsAndNobodyElseMayActSooner()
    {
        var (node, other) = (await NodeAsync(1), await NodeAsync(2));
        node.IsCutOff = true;

        node.Clock.Advance(Leased.Lease.Lease - Leased.Lease.Margin - TimeSpan.FromTicks(1));
        Assert.False(node.Fence.IsUp);
        node.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(node.Fence.IsUp);

        await Leased.AgeAsync(Leased.Lease.Lease - TimeSpan.FromSeconds(5), only: node.Node.Address);
        await StayAsync(other);
        Assert.Equal(SiloStatus.Active, other.Membership.Current.StatusOf(node.Node.Address));
        Assert.Null(node.Fatal);
    }

    [Fact]
    public async Task Fence_TableBackBeforeAnybodyTookOver_GoesDown()
    {
        var node = await NodeAsync(1);
        node.IsCutOff = true;
        await node.BeatAsync(Leased.Lease.Lease * 2);
        await Leased.AgeAsync(Leased.Lease.Lease * 2);
        Assert.True(node.Fence.IsUp);

        node.IsCutOff = false;
        await node.BeatAsync(Beat);

        Assert.False(node.Fence.IsUp);
        Assert.Null(node.Fatal);
    }

    [Fact]
    public async Task Table_OutOfReachOfAll_NobodyIsDeclaredDeadWhenItIsBack()
    {
        LeasedNode[] nodes = [await NodeAsync(1), await NodeAsync(2), await NodeAsync(3)];
        foreach (var node in nodes)
        {
            node.IsCutOff = true;
            await node.BeatAsync(TimeSpan.FromSeconds(20));
            Assert.True(node.Fence.IsUp);
        }

        await Leased.AgeAsync(TimeSpan.FromSeconds(20));
        foreach (var node in nodes)
        {
            // The first one back sees that the leases of the others have run out.
            node.IsCutOff = false;
            await node.BeatAsync(Beat);
        }

        await Leased.SettleAsync();
        Assert.All(nodes, static node => Assert.False(node.Fence.IsUp));
        Assert.All(nodes, node => Assert.Equal(3, node.Membership.Current.Active.Length));
    }

    [Fact]
    public async Task Lease_RunOut_TheOthersDeclareTheSiloDeadAndItEnds()
    {
        var (stalled, other) = (await NodeAsync(1), await NodeAsync(2));
        await StayAsync(other);

        await Leased.AgeAsync(Long, only: stalled.Node.Address);
        await other.BeatAsync(Beat);
        Assert.Equal(SiloStatus.Dead, other.Membership.Current.StatusOf(stalled.Node.Address));

        await stalled.BeatAsync(Beat);
        Assert.NotNull(stalled.Fatal);
        Assert.True(stalled.Fence.IsUp);
    }

    [Fact]
    public async Task Probe_NobodyListens_TheSiloIsDeadLongBeforeItsLeaseEnds()
    {
        var (killed, other) = (await NodeAsync(1), await NodeAsync(2));
        other.Gone[killed.Node.Address] = true;
        await other.BeatAsync(Beat);
        Assert.Equal(SiloStatus.Active, other.Membership.Current.StatusOf(killed.Node.Address));

        await Leased.AgeAsync(Leased.Lease.SuspectAfter, only: killed.Node.Address);
        await other.BeatAsync(Beat);

        Assert.Equal(SiloStatus.Dead, other.Membership.Current.StatusOf(killed.Node.Address));
    }

    [Fact]
    public async Task Probe_SomebodyListens_TheLeaseDecides()
    {
        var (paused, other) = (await NodeAsync(1), await NodeAsync(2));
        await StayAsync(other);

        await Leased.AgeAsync(Leased.Lease.Lease - TimeSpan.FromSeconds(5), only: paused.Node.Address);
        await other.BeatAsync(Beat);
        Assert.Equal(SiloStatus.Active, other.Membership.Current.StatusOf(paused.Node.Address));

        await paused.BeatAsync(Beat);
        Assert.Null(paused.Fatal);
    }

    [Fact]
    public async Task DeclareDead_RenewedInBetween_IsRefused()
    {
        var (alive, other) = (await NodeAsync(1), await NodeAsync(2));
        using var table = new AdoNetMembershipTable(Open(), Leased.Id);
        await alive.BeatAsync(Beat);

        Assert.False(await table.TryDeclareDeadAsync(alive.Node.Address, 0, CancellationToken.None));
        Assert.True(await table.TryDeclareDeadAsync(alive.Node.Address, 1, CancellationToken.None));
        Assert.False(await table.TryDeclareDeadAsync(alive.Node.Address, 1, CancellationToken.None));
        await other.BeatAsync(Beat);
        Assert.Equal([other.Node.Address], other.Membership.Current.Active.ToArray());
    }

    [Fact]
    public async Task DeclareDead_OfEachOtherAtOnce_TheTableDecidesAndOneLives()
    {
        var (left, right) = (await NodeAsync(1), await NodeAsync(2));
        left.Gone[right.Node.Address] = true;
        right.Gone[left.Node.Address] = true;
        await StayAsync(left);
        await StayAsync(right);
        await Leased.AgeAsync(Long);

        // Each half renews its own lease and so is late no more when the other one looks; age decides again.
        await left.BeatAsync(Beat);
        await right.BeatAsync(Beat);

        Assert.Null(left.Fatal);
        Assert.NotNull(right.Fatal);
        Assert.Equal([left.Node.Address], left.Membership.Current.Active.ToArray());
    }

    [Fact]
    public async Task Clocks_DaysApart_NobodyIsSuspected()
    {
        var (ahead, behind) = (await NodeAsync(1), await NodeAsync(2));
        await ahead.BeatAsync(TimeSpan.FromDays(2));
        await behind.BeatAsync(Beat);
        await ahead.BeatAsync(Beat);

        Assert.Equal(2, ahead.Membership.Current.Active.Length);
        Assert.Equal(2, behind.Membership.Current.Active.Length);
    }

    [Fact]
    public async Task Join_AfterAllWereKilledAtOnce_TheRowsThatAreLeftAreDeadAtOnce()
    {
        LeasedNode[] killed = [await NodeAsync(1), await NodeAsync(2), await NodeAsync(3)];
        Array.ForEach(killed, static node => node.Dispose());
        await Leased.AgeAsync(Long);

        var (replaced, added) = (await NodeAsync(1, generation: 2), await NodeAsync(4));
        Array.ForEach(killed, node => added.Gone[node.Node.Address] = true);
        await added.BeatAsync(Beat);

        Assert.Equal(
            [replaced.Node.Address, added.Node.Address],
            added.Membership.Current.Active.OrderBy(static silo => silo.Endpoint.Port));
    }

    [Fact]
    public async Task Join_EndpointOfALivingSilo_FailsAndTheOtherGoesOn()
    {
        var first = await NodeAsync(1);
        var second = Leased.NodeOf(await Leased.AddAsync(new LocalNode("second", Leased.Id, Silo(1, 2))));
        var join = second.Membership.UpdateStatusAsync(SiloStatus.Joining, CancellationToken.None);
        await Signals.Until(() => second.Clock.HasTimers(2), "the wait for the silo that is there");

        await first.BeatAsync(Beat);
        second.Clock.Advance(Leased.Lease.SuspectAfter);

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => join.Within("the refusal"));
        Assert.Contains("same endpoint", error.Message, StringComparison.Ordinal);
        await first.BeatAsync(Beat);
        Assert.Null(first.Fatal);
    }

    [Fact]
    public async Task Join_AddressOfAnotherRun_Fails()
    {
        var first = await NodeAsync(1);
        await first.Membership.UpdateStatusAsync(SiloStatus.Dead, CancellationToken.None);
        var second = await Leased.AddAsync(new LocalNode("second", Leased.Id, Silo(1)));

        await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => second.UpdateStatusAsync(SiloStatus.Joining, CancellationToken.None));
    }

    [Fact]
    public async Task Start_TableOutOfReach_WaitsForAMinuteAndThenFails()
    {
        var node = Leased.Make(new LocalNode("early", Leased.Id, Silo(1)));
        node.IsCutOff = true;
        var start = node.Membership.StartAsync(CancellationToken.None);

        for (var time = TimeSpan.Zero; time < TimeSpan.FromMinutes(1); time += Beat)
        {
            await PauseOf(node);
            Assert.False(start.IsCompleted);
            node.Clock.Advance(Beat);
        }

        var error = await Assert.ThrowsAsync<OrleansException>(() => start.Within("the end of the start"));
        Assert.Contains(Leased.Id, error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<System.Data.Common.DbException>(error.InnerException);
    }

    [Fact]
    public async Task Start_TableBackInTime_GoesOn()
    {
        var node = Leased.Make(new LocalNode("early", Leased.Id, Silo(1)));
        node.IsCutOff = true;
        var start = node.Membership.StartAsync(CancellationToken.None);
        await PauseOf(node);

        node.IsCutOff = false;
        node.Clock.Advance(Beat);

        await start.Within("the start");
        await Leased.Join(node.Membership).Within("the silo's place in the cluster");
    }

    [Fact]
    public async Task Start_GivenUpWhileTheTableIsOutOfReach_EndsAtOnce()
    {
        var node = Leased.Make(new LocalNode("early", Leased.Id, Silo(1)));
        node.IsCutOff = true;
        using var source = new CancellationTokenSource();
        var start = node.Membership.StartAsync(source.Token);
        await PauseOf(node);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.Within("the end of the start"));
    }

    [Fact]
    public async Task Rows_OfSilosThatAreLongDead_AreForgotten()
    {
        var first = await NodeAsync(1);
        await first.Membership.UpdateStatusAsync(SiloStatus.Dead, CancellationToken.None);
        using var table = new AdoNetMembershipTable(Open(), Leased.Id);

        await table.ForgetDeadAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Single((await table.ReadAsync(CancellationToken.None)).Members);
        await table.ForgetDeadAsync(TimeSpan.FromMinutes(-1), CancellationToken.None);
        Assert.Empty((await table.ReadAsync(CancellationToken.None)).Members);
    }

    private protected abstract Database Open();

    private static Task PauseOf(LeasedNode node)
    {
        return Signals.Until(() => node.Clock.HasTimers(1), "the pause before the next try");
    }

    private async Task<LeasedNode> NodeAsync(int port, int generation = 1)
    {
        return Leased.NodeOf(await ActiveAsync(port, generation));
    }

    /// <summary>Lets a silo renew its lease for as long as one lasts, so that it may judge the others.</summary>
    private async Task StayAsync(LeasedNode node)
    {
        for (var time = TimeSpan.Zero; time <= Leased.Lease.Lease; time += Beat)
        {
            await node.BeatAsync(Beat);
        }
    }
}
