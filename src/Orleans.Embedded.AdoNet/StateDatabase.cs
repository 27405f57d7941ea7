using System.Data.Common;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>A database that holds grain state: how it is connected to, and how its table is made.</summary>
internal abstract class StateDatabase : IDisposable
{
    /// <exception cref="OrleansConfigurationException">The options name no database that is known.</exception>
    public static StateDatabase Open(string name, AdoNetGrainStorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            throw new OrleansConfigurationException(
                $"Grain storage '{name}' has no connection string. Set {nameof(options.ConnectionString)}.");
        }

        return options.Invariant.ToUpperInvariant() switch
        {
            "NPGSQL" => new PostgresStateDatabase(options.ConnectionString),
            "MICROSOFT.DATA.SQLITE" => new SqliteStateDatabase(options.ConnectionString),
            _ => throw new OrleansConfigurationException(
                $"Grain storage '{name}' has the invariant '{options.Invariant}'. Set {nameof(options.Invariant)} to "
                + "'Npgsql' for PostgreSQL or 'Microsoft.Data.Sqlite' for SQLite."),
        };
    }

    /// <summary>Makes the table if it is missing; silos may do so at once.</summary>
    public abstract Task CreateSchemaAsync(CancellationToken cancellationToken);

    /// <summary>Does something on a connection.</summary>
    public abstract Task<T> RunAsync<T>(Func<DbConnection, Task<T>> work);

    public abstract void Dispose();

    protected static string ReadSchema(string file)
    {
        using var stream = typeof(StateDatabase).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
