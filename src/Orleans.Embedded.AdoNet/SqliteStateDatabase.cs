using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// Grain state in a file, for the processes of one host: a write-ahead log, synchronised to disk at each write. Work is
/// done one after the other on a thread of the pool, because the driver blocks its thread, also while it waits for
/// another writer.
/// </summary>
internal sealed class SqliteStateDatabase(string connectionString) : StateDatabase
{
    private readonly SemaphoreSlim _one = new(1);
    private SqliteConnection? _connection;

    public override Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        return RunAsync(async connection =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = ReadSchema("sqlite.sql");
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });
    }

    public override async Task<T> RunAsync<T>(Func<DbConnection, Task<T>> work)
    {
        await _one.WaitAsync();
        try
        {
            return await Task.Run(() => work(_connection ??= Connect()));
        }
        finally
        {
            _one.Release();
        }
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
            command.CommandText = "pragma journal_mode = wal; pragma synchronous = full;";
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
