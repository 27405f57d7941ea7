using Microsoft.Extensions.Hosting;

namespace Orleans.Embedded.Tests.Hosting;

public sealed class ClientHostingTests
{
    [Fact]
    public async Task UseOrleansClient_NoCluster_SaysWhatToCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.Contains("UseAdoNetClustering", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseOrleansClient_HostHasASilo_Throws()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans();
        Assert.Throws<OrleansConfigurationException>(() => builder.UseOrleansClient());
    }

    [Fact]
    public void UseOrleans_HostHasAClient_Throws()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient();
        Assert.Throws<OrleansConfigurationException>(() => builder.UseOrleans());
    }

    [Theory]
    [InlineData("Npgsql", null, "connection string")]
    [InlineData("Oracle", "Data Source=x", "'Oracle'")]
    public async Task UseAdoNetClustering_WrongOptions_DoesNotStartAndSaysWhy(
        string invariant, string? connectionString, string expected)
    {
        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => Clusters.StartAsync(
            configure: silo => silo.UseAdoNetClustering(options =>
            {
                options.Invariant = invariant;
                options.ConnectionString = connectionString;
            })));

        Assert.Contains("cluster's database", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
