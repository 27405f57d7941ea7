using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// A SQLite file, for the processes of one host: a write-ahead log, synchronised to disk at each write of state. Work is
/// done one after the other on a thread of the pool, because the driver blocks its thread, also while it waits for
/// another writer.
/// </summary>
internal sealed class SqliteDatabase(string connectionString, DatabaseUse use) : Database
{
    private readonly SemaphoreSlim _one = new(1);
    private SqliteConnection? _connection;

    /// <summary>Milliseconds since 1970.</summary>
    public override string Now => "cast(unixepoch('subsec') * 1000 as integer)";

    // A transaction that writes holds the whole file.
    public override string ForKeyShare => string.Empty;

    public override string SkipLocked => string.Empty;

    public override Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        // No row when there are no tables yet; a file of before there were versions has version 0.
        const string Look = "select user_version from pragma_user_version, sqlite_schema where name = 'cluster_silo';";
        return ChangeAsync(
            static command => command.CommandText = Look + ReadSchema("sqlite.sql"),
            async reader =>
            {
                SchemaVersion.Check(await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : null);
                return true;
            },
            cancellationToken);
    }

    public override async Task<T> RunAsync<T>(
        Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => work(_connection ??= Connect()), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public override Task<T> ChangeAsync<T>(
        Action<DbCommand> prepare, Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        return RunAsync(
            async connection =>
            {
                // Not deferred: a transaction that first reads and then writes could find that another one wrote.
                await using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                prepare(command);
                T result;
                await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
                {
                    result = await read(reader);
                }

                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);
    }

    public override object Duration(TimeSpan time)
    {
        return (long)time.TotalMilliseconds;
    }

    public override string SecondsSince(string time)
    {
        return $"(({Now}) - {time}) / 1000.0";
    }

    public override string UnixMilliseconds(string time)
    {
        return time;
    }

    public override void Dispose()
    {
        _connection?.Dispose();
        _one.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // Without the synchronisation a crash of the host may undo the last writes, a crash of processes none. The
            // file's own waiting is used because the driver's tries again only every 150 ms.
            var synchronous = use == DatabaseUse.State ? "full" : "normal";
            command.CommandText =
                $"pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = {synchronous};";
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
