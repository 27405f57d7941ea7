using System.Data.Common;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// A database that holds grain state or a cluster: how it is connected to, how its tables are made, and the words in
/// which its SQL differs from that of the others.
/// </summary>
internal abstract class Database : IDisposable
{
    /// <summary>The current time, as the tables keep times.</summary>
    public abstract string Now { get; }

    /// <summary>
    /// Makes a query keep the rows that it reads from being deleted until its transaction ends; others may still read
    /// and change them.
    /// </summary>
    public abstract string ForKeyShare { get; }

    /// <summary>Makes a query pass over the rows that others hold, and hold the rest.</summary>
    public abstract string SkipLocked { get; }

    /// <exception cref="OrleansConfigurationException">The options name no database that is known.</exception>
    public static Database Open(string user, string invariant, string? connectionString, DatabaseUse use)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new OrleansConfigurationException($"{user} has no connection string. Set ConnectionString.");
        }

        return invariant.ToUpperInvariant() switch
        {
            "NPGSQL" => new PostgresDatabase(connectionString, use),
            "MICROSOFT.DATA.SQLITE" => new SqliteDatabase(connectionString, use),
            _ => throw new OrleansConfigurationException(
                $"{user} has the invariant '{invariant}'. Set Invariant to 'Npgsql' for PostgreSQL or "
                + "'Microsoft.Data.Sqlite' for SQLite."),
        };
    }

    /// <summary>Makes the tables that are missing; silos may do so at once.</summary>
    /// <exception cref="OrleansConfigurationException">The tables are those of another version of the runtime.</exception>
    public abstract Task CreateSchemaAsync(CancellationToken cancellationToken);

    /// <summary>Does something on a connection.</summary>
    public abstract Task<T> RunAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs a statement that changes nothing.</summary>
    public Task<T> QueryAsync<T>(
        Action<DbCommand> prepare, Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        return RunAsync(
            async connection =>
            {
                await using var command = connection.CreateCommand();
                prepare(command);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await read(reader);
            },
            cancellationToken);
    }

    /// <summary>
    /// Runs statements in one transaction, sent in one piece: a process that is stopped leaves none open. Not more than
    /// one of the statements gives rows.
    /// </summary>
    public abstract Task<T> ChangeAsync<T>(
        Action<DbCommand> prepare, Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>A length of time, as it is added to a time of the tables.</summary>
    public abstract object Duration(TimeSpan time);

    /// <summary>SQL for the seconds that have passed since a time of the tables.</summary>
    public abstract string SecondsSince(string time);

    /// <summary>SQL for a time of the tables as milliseconds since 1970.</summary>
    public abstract string UnixMilliseconds(string time);

    public abstract void Dispose();

    /// <summary>The script that makes the tables; where they are, it changes nothing.</summary>
    protected static string ReadSchema(string file)
    {
        using var stream = typeof(Database).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
