using System.Data.Common;
using Npgsql;

namespace Orleans.Embedded.AdoNet;

/// <summary>Grain state in PostgreSQL. It must be a primary: a write is durable when its answer comes.</summary>
internal sealed class PostgresStateDatabase(string connectionString) : StateDatabase
{
    // Makers of the table wait for each other: two at once would both find it missing.
    private const string Lock = "select pg_advisory_xact_lock(72623859790382856);";
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public override async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = Lock + ReadSchema("postgresql.sql");
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public override async Task<T> RunAsync<T>(Func<DbConnection, Task<T>> work)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return await work(connection);
    }

    public override void Dispose()
    {
        _source.Dispose();
    }
}
