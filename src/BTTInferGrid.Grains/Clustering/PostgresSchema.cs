using System.Data.Common;
using BTTInferGrid.Grains.Storage;
using Npgsql;

namespace BTTInferGrid.Grains.Clustering;

/// <summary>
/// Makes the tables and queries of a cluster's database, before anything else of the host starts. All silos and clients do
/// so, at the same time or not: the first one holds a lock of the database until it is done, the others find it done.
/// </summary>
internal sealed class PostgresSchema(string connectionString) : HostPreparation
{
    // Any number that nobody else locks: "bttgrid" in ASCII.
    private const long LockId = 0x62747467726964;

    // Each step takes the schema from the version of its index to the next.
    private static readonly string[] Steps = ["schema-1.sql"];

    /// <summary>Brings the database to the version that this program knows.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    /// <exception cref="DbException">
    /// The database cannot be reached, the user has no right to make tables, or a newer version of the program made them.
    /// </exception>
    public static async Task CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"select pg_advisory_xact_lock({LockId})", cancellationToken);
        await RunAsync(connection, "create table if not exists bttgrid_schema (version integer not null)", cancellationToken);
        await using var query = new NpgsqlCommand("select coalesce(max(version), 0) from bttgrid_schema", connection);
        var found = (int)(await query.ExecuteScalarAsync(cancellationToken))!;
        if (found > Steps.Length)
        {
            throw new NewerSchemaException(found, Steps.Length);
        }

        for (var version = found; version < Steps.Length; version++)
        {
            await RunAsync(connection, Read(Steps[version]), cancellationToken);
            await RunAsync(connection, $"insert into bttgrid_schema values ({version + 1})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public override Task StartingAsync(CancellationToken cancellationToken) => CreateAsync(connectionString, cancellationToken);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PostgresSchema).Assembly.GetManifestResourceStream(typeof(PostgresSchema), name)!);
        return reader.ReadToEnd();
    }

    /// <summary>A database that a newer version of the program has changed; told like every failure of a database.</summary>
    private sealed class NewerSchemaException(int found, int known) : DbException(
        $"it was changed by a newer version of this program (schema {found}; this version knows {known}).");
}
