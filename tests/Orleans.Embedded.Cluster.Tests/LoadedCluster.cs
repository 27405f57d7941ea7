namespace Orleans.Embedded.Cluster.Tests;

/// <summary>A cluster of processes with callers at work, and what must hold at the end whatever happened between.</summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a loaded machine may add to the time after which a call ends.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private LoadedCluster(ChaosCluster cluster)
    {
        Cluster = cluster;
        Load = new LedgerLoad(cluster.Grains, callers: 4, ledgers: 24, seed: 1);
    }

    public ChaosCluster Cluster { get; }

    public LedgerLoad Load { get; }

    public static async Task<LoadedCluster> StartAsync(ClusterSettings settings)
    {
        var loaded = new LoadedCluster(await ChaosCluster.StartAsync(settings));
        try
        {
            await loaded.ServesAsync();
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every grain takes entries.</summary>
    public async Task ServesAsync()
    {
        try
        {
            await Load.UntilAllServeAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Not every grain serves after {Patience}. {Describe()}");
        }
    }

    /// <summary>Ends the callers; nothing that they were told may be lost, and no call may have hung.</summary>
    public async Task KeptItsPromisesAsync()
    {
        await Load.EndAsync().WaitAsync(Patience);
        var broken = await LedgerCheck.RunAsync(Cluster.Grains, Load.Acknowledged);
        Assert.True(broken.Count == 0, $"{string.Join('\n', broken)}\n{Describe()}");
        Assert.True(
            Load.Slowest < ChaosCluster.ResponseTimeout + Slack, $"A call took {Load.Slowest}. {Describe()}");
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private string Describe()
    {
        var failures = string.Join(", ", Load.Failures.Select(static failure => $"{failure.Key} {failure.Value}"));
        var logs = string.Join('\n', Cluster.Silos.Select(static silo => $"=== {silo.Name}\n{silo.Log}"));
        return $"Failed calls: {failures}.\n{logs}";
    }
}
