namespace Orleans.Embedded.Cluster.Tests;

/// <summary>What happens to the database, and what the cluster makes of it.</summary>
public sealed class DatabaseFailureTests
{
    private static readonly ClusterSettings TwoSilos = new() { Silos = 2, HasProxy = true };

    [Fact]
    public async Task Restart_UnderLoad_TheClusterGoesOn()
    {
        await using var loaded = await LoadedCluster.StartAsync(TwoSilos);

        await loaded.Cluster.Database.StopAsync();
        await loaded.Cluster.Database.StartAsync();

        await loaded.ServesAsync();
        Assert.All(loaded.Cluster.Silos, static silo => Assert.False(silo.Process.HasExited));
        await loaded.KeptItsPromisesAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unreachable_LongerThanTheLease_NobodyServesAndAllResume(bool isSilent)
    {
        await using var loaded = await LoadedCluster.StartAsync(TwoSilos);
        var proxy = loaded.Cluster.Proxy!;

        if (isSilent)
        {
            proxy.Silence();
        }
        else
        {
            await proxy.RefuseAsync();
        }

        // The time is what the test is about: longer than the lease of ten seconds.
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        proxy.Pass();

        await loaded.ServesAsync();
        await loaded.KeptItsPromisesAsync();
        Assert.All(loaded.Cluster.Silos, static silo => Assert.False(silo.Process.HasExited));
    }
}
