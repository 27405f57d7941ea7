using Orleans.Embedded.AdoNet;

namespace Orleans.Embedded.Tests.Clustering;

[Collection(nameof(SharedPostgres))]
public sealed class PostgresMembershipTests(SharedPostgres server) : LeasedMembershipContract
{
    private protected override Database Open()
    {
        return Database.Open("test", "Npgsql", server.ConnectionString, DatabaseUse.Cluster);
    }
}
