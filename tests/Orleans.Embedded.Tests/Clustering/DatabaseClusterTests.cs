using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>Silos that share a database, and a client, all in this process.</summary>
public sealed class DatabaseClusterTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly ConcurrentDictionary<SiloAddress, BreakableTable> _tables = new();
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseAdoNetClustering(options =>
            {
                (options.Invariant, options.ConnectionString) = ("Microsoft.Data.Sqlite", _file.ConnectionString);
            });
            silo.AddAdoNetGrainStorageAsDefault(options =>
            {
                (options.Invariant, options.ConnectionString) = ("Microsoft.Data.Sqlite", _file.ConnectionString);
            });
            silo.Services.AddSingleton<IMembershipTable>(services =>
                _tables[services.GetRequiredService<LocalNode>().Address] = new BreakableTable(Table(Cluster)));
        });
        builder.ConfigureClient(client => client.UseAdoNetClustering(options =>
        {
            (options.Invariant, options.ConnectionString) = ("Microsoft.Data.Sqlite", _file.ConnectionString);
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync().Within("deployment of the cluster");
        await _cluster.WaitForLivenessToStabilizeAsync().Within("the view of the cluster");
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task Kill_Silo_TheOthersTakeItsGrainsOverAndTokensGrow()
    {
        var (silo, key) = await GrainOnAsync(Cluster.Silos[0], "killed");
        var token = await Grain(key).Token();
        await Grain(key).Write(7);

        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true).Within("the death of the silo");

        Assert.Equal(Cluster.Silos[0].SiloAddress.ToString(), await Grain(key).Silo());
        Assert.True(await Grain(key).Token() > token);
        Assert.Equal(7, await Grain(key).Read());
    }

    [Fact]
    public async Task Restart_Silo_SameEndpointNewGeneration()
    {
        var (silo, key) = await GrainOnAsync(Cluster.Silos[0], "restarted");

        var next = await Cluster.RestartSiloAsync(silo).Within("the restart");
        await Cluster.WaitForLivenessToStabilizeAsync().Within("the view of the cluster");

        Assert.True(next!.SiloAddress.IsSuccessorOf(silo.SiloAddress));
        Assert.NotEqual(silo.SiloAddress.ToString(), await Grain(key).Silo());
    }

    [Fact]
    public async Task Fenced_WhileTheTableIsOutOfReach_RefusesAndThenGoesOn()
    {
        var (silo, key) = await GrainOnAsync(Cluster.Silos[0], "paused");
        var token = await Grain(key).Token();
        var running = Grain(key).HoldThenWrite(3);
        await Signals.Await($"{key} in");

        Fence(silo);
        Signals.Set($"{key} out");

        var lost = await Assert.ThrowsAsync<SiloUnavailableException>(() => running.Within("the running request"));
        Assert.Contains("outcome is not known", lost.Message, StringComparison.Ordinal);
        await Signals.Await($"{key} fenced");
        var refused = await Assert.ThrowsAsync<SiloUnavailableException>(() => Grain(key).Read());
        Assert.Contains("not executed", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => silo.GrainFactory().GetGrain<IFencedGrain>("made by the fenced").Read());

        _tables[silo.SiloAddress].IsBroken = false;
        await Signals.Until(() => !FenceOf(silo).IsUp, "the renewal");
        Assert.Equal(token, await Grain(key).Token());
    }

    [Fact]
    public async Task DeclaredDead_WhileATurnIsSlow_ItsWriteIsRefusedAndTheSiloEnds()
    {
        var (silo, key) = await GrainOnAsync(Cluster.Silos[0], "slow");
        await Grain(key).Write(1);
        var token = await Grain(key).Token();
        _tables[silo.SiloAddress].IsBroken = true;
        var slow = silo.GrainFactory().GetGrain<IFencedGrain>(key).HoldThenWrite(2);
        await Signals.Await($"{key} in");

        // The others see that it is gone; it does not know, and its own lease seems to last.
        using var table = Table(Cluster);
        Assert.True(await DeclareDeadAsync(table, silo.SiloAddress));
        await Cluster.Silos[1].ServiceProvider.GetRequiredService<IClusterMembership>().RefreshAsync(
            new MembershipVersion(long.MaxValue), CancellationToken.None);
        var other = Cluster.Silos[1].GrainFactory().GetGrain<IFencedGrain>(key);
        await other.Write(5);
        Assert.True(await other.Token() > token);
        Assert.False(FenceOf(silo).IsUp);

        Signals.Set($"{key} out");
        await Signals.Await($"{key} fenced");
        await Assert.ThrowsAnyAsync<OrleansException>(() => slow.Within("the slow call"));
        Assert.Equal(5, await other.Read());

        _tables[silo.SiloAddress].IsBroken = false;
        var stopping = silo.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await Signals.Until(() => stopping.IsCancellationRequested, "the end of the dead silo's host");
        Assert.True(FenceOf(silo).IsUp);
    }

    [Fact]
    public async Task DirectoryRow_OfAnActivationThatIsNoMore_IsReplacedByItsSilo()
    {
        var silo = Cluster.Silos[0];
        var left = new GrainAddress
        {
            GrainId = Grain("left behind").GetGrainId(),
            ActivationId = ActivationId.NewId(),
            SiloAddress = silo.SiloAddress,
        };
        var directory = silo.ServiceProvider.GetRequiredService<IGrainDirectoryStore>();
        var (_, token) = await directory.RegisterAsync(left, null, CancellationToken.None);

        Assert.Equal(silo.SiloAddress.ToString(), await Grain("left behind").Silo().Within("the call"));
        Assert.True(await Grain("left behind").Token() > token);
    }

    private static SiloFence FenceOf(InProcessSiloHandle silo)
    {
        return silo.ServiceProvider.GetRequiredService<SiloFence>();
    }

    private static async Task<bool> DeclareDeadAsync(AdoNetMembershipTable table, SiloAddress silo)
    {
        for (var renewal = 0; renewal < 1000; renewal++)
        {
            if (await table.TryDeclareDeadAsync(silo, renewal, CancellationToken.None))
            {
                return true;
            }
        }

        return false;
    }

    private void Fence(InProcessSiloHandle silo)
    {
        var beats = _tables[silo.SiloAddress].Polls;
        _tables[silo.SiloAddress].IsBroken = true;
        Assert.True(SpinWait.SpinUntil(() => _tables[silo.SiloAddress].Polls > beats, TimeSpan.FromSeconds(20)));
        FenceOf(silo).PutOff(0);
    }

    private AdoNetMembershipTable Table(InProcessTestCluster cluster)
    {
        var database = Database.Open(
            "test", "Microsoft.Data.Sqlite", _file.ConnectionString, DatabaseUse.Cluster);
        return new AdoNetMembershipTable(database, cluster.Options.ClusterId);
    }

    private IFencedGrain Grain(string key)
    {
        return Cluster.Client.GetGrain<IFencedGrain>(key);
    }

    private async Task<(InProcessSiloHandle Silo, string Key)> GrainOnAsync(InProcessSiloHandle silo, string name)
    {
        var key = name;
        while (await Grain(key).Silo() != silo.SiloAddress.ToString())
        {
            key += "+";
        }

        return (silo, key);
    }
}
