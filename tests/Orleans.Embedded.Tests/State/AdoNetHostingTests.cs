using Orleans.Configuration;
using Folder = System.IO.Directory;

namespace Orleans.Embedded.Tests.State;

public sealed class AdoNetHostingTests : IDisposable
{
    private readonly string _folder = Folder.CreateTempSubdirectory("grain-hosting-").FullName;

    private string ConnectionString => $"Data Source={Path.Combine(_folder, "state.db")};Pooling=false";

    public void Dispose()
    {
        Folder.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Silo_WithSqlite_StateOutlivesTheCluster()
    {
        await using (var cluster = await Clusters.StartAsync(configure: Configure))
        {
            await cluster.Client.GetGrain<IStateGrain>("durable").Set(7);
        }

        await using var next = await Clusters.StartAsync(configure: Configure);
        Assert.Equal(7, await next.Client.GetGrain<IStateGrain>("durable").Balance());

        void Configure(ISiloBuilder silo)
        {
            // The service's name is part of a record's key; the test cluster makes one up.
            silo.Configure<ClusterOptions>(static options => options.ServiceId = "durable");
            silo.AddAdoNetGrainStorageAsDefault(options =>
            {
                options.Invariant = "Microsoft.Data.Sqlite";
                options.ConnectionString = ConnectionString;
            });
        }
    }

    [Theory]
    [InlineData("Npgsql", null, "connection string")]
    [InlineData("Oracle", "Data Source=x", "'Oracle'")]
    public async Task Silo_WithWrongOptions_DoesNotStartAndSaysWhy(
        string invariant, string? connectionString, string expected)
    {
        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => Clusters.StartAsync(
            configure: silo => silo.AddAdoNetGrainStorage("broken", options => options.Configure(value =>
            {
                value.Invariant = invariant;
                value.ConnectionString = connectionString;
            }))));

        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
