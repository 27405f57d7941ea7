using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Chain.Storage;

/// <summary>
/// A SQLite file that several processes of one host may share: a write-ahead log, synchronised to disk at each commit,
/// since what is sent to a chain must not be forgotten. Work runs one after the other on a thread of the pool, because
/// the driver blocks its thread, also while another process writes.
/// </summary>
internal sealed class SqliteFile(string path) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private SqliteConnection? _connection;

    /// <summary>Does something in a transaction that no other process's overlaps.</summary>
    /// <exception cref="ChainStoreException">The file cannot be opened, read or written.</exception>
    public async Task<T> ChangeAsync<T>(Func<SqliteTransaction, T> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Change(work), CancellationToken.None);
        }
        catch (Exception error) when (error is SqliteException or UnauthorizedAccessException or IOException)
        {
            throw new ChainStoreException(path, error);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Makes the tables of a part of this library if they are missing.</summary>
    /// <exception cref="ChainStoreException">They are those of another version.</exception>
    public Task CreateAsync(string part, int version, string schema, CancellationToken cancellationToken)
    {
        return ChangeAsync(
            transaction =>
            {
                transaction.Run(
                    "create table if not exists chain_schema (part text primary key, version integer not null)");
                transaction.Run(
                    "insert into chain_schema values ($part, $version) on conflict do nothing",
                    ("$part", part), ("$version", version));
                var found = transaction.Read(
                    "select version from chain_schema where part = $part",
                    static row => row.GetInt32(0), ("$part", part)).Single();
                return found == version
                    ? transaction.Run(schema)
                    : throw new ChainStoreException(path, part, found, version);
            },
            cancellationToken);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _one.Dispose();
    }

    private T Change<T>(Func<SqliteTransaction, T> work)
    {
        _connection ??= Connect();

        // Not deferred: a transaction that first reads and then writes could find that another one wrote.
        using var transaction = _connection.BeginTransaction(deferred: false);
        var result = work(transaction);
        transaction.Commit();
        return result;
    }

    private SqliteConnection Connect()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            // SQLite gives its other files the mode of this one.
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }

        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // The file's own waiting is used because the driver's tries again only every 150 ms.
            command.CommandText = "pragma busy_timeout = 30000; pragma journal_mode = wal; pragma synchronous = full;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
