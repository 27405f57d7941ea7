using Orleans.Configuration;

namespace Orleans.Embedded.Tests.State;

[Collection(nameof(SharedPostgres))]
public sealed class PostgresGrainStorageTests(SharedPostgres server) : AdoNetGrainStorageContract
{
    protected override AdoNetGrainStorageOptions Options { get; } = new()
    {
        Invariant = "Npgsql",
        ConnectionString = server.ConnectionString,
    };
}
