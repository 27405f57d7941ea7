using Orleans.Embedded.AdoNet;

namespace Orleans.Embedded.Tests.Clustering;

public sealed class SqliteMembershipTests : LeasedMembershipContract
{
    private readonly SqliteFile _file = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _file.Dispose();
    }

    private protected override Database Open()
    {
        return Database.Open("test", "Microsoft.Data.Sqlite", _file.ConnectionString, DatabaseUse.Cluster);
    }
}
