using System.Data.Common;
using Npgsql;

namespace Orleans.Embedded.AdoNet;

/// <summary>PostgreSQL. It must be a primary: a write is durable when its answer comes.</summary>
internal sealed class PostgresDatabase(string connectionString, DatabaseUse use) : Database
{
    // Makers of the tables wait for each other: two at once would both find them missing.
    private const string Lock = "select pg_advisory_xact_lock(72623859790382856);";

    // Null when there are no tables yet; tables without a comment are of before there were versions.
    private const string Look =
        """
        select coalesce(substring(obj_description(oid, 'pg_class') from '^version ([0-9]+)')::bigint, 0)
        from pg_class where oid = to_regclass('cluster_silo')
        """;

    /// <summary>How long a cluster's statement may take, in seconds: a part of a lease.</summary>
    private const int ClusterTimeout = 3;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        use == DatabaseUse.State ? connectionString : Hasten(connectionString));

    public override string Now => "now()";

    public override string ForKeyShare => "for key share";

    public override string SkipLocked => "for update skip locked";

    public override async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = Lock;
        await command.ExecuteNonQueryAsync(cancellationToken);
        command.CommandText = Look;
        SchemaVersion.Check(await command.ExecuteScalarAsync(cancellationToken) as long?);
        command.CommandText = ReadSchema("postgresql.sql");
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public override async Task<T> RunAsync<T>(
        Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }

    public override Task<T> ChangeAsync<T>(
        Action<DbCommand> prepare, Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        // The statements of a command are one transaction unless they say otherwise.
        return QueryAsync(prepare, read, cancellationToken);
    }

    public override object Duration(TimeSpan time)
    {
        return time;
    }

    public override string SecondsSince(string time)
    {
        return $"extract(epoch from now() - {time})::double precision";
    }

    public override string UnixMilliseconds(string time)
    {
        return $"(extract(epoch from {time}) * 1000)::bigint";
    }

    public override void Dispose()
    {
        _source.Dispose();
    }

    /// <summary>A connection that is cut off is given up soon, without waiting for the server to confirm it.</summary>
    private static string Hasten(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { CancellationTimeout = -1 };
        settings.Timeout = Math.Min(settings.Timeout, ClusterTimeout);
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, ClusterTimeout);
        return settings.ConnectionString;
    }
}
