using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Grains.Storage;

/// <summary>A record as it is stored.</summary>
/// <param name="Version">Changes with each write; never comes back to a former value.</param>
/// <param name="Data">The serialized state; null after it was cleared.</param>
internal readonly record struct StoredState(long Version, byte[]? Data);

/// <summary>
/// The SQLite file with the state of all grains, and the one thread that uses it. The thread has the file for itself
/// (<c>locking_mode=exclusive</c>): no shared memory, no waiting for another process's lock. Writes that arrive while the
/// disk is busy are committed together, so the rate of writes is not bound to that of <c>fsync</c>; a write completes after
/// the commit that contains it. Reads go before the writes that wait, so a read waits for one commit at most, and sees only
/// what is committed.
/// </summary>
internal sealed class StateFile : IDisposable
{
    private const int MaxBatch = 256;

    // Each step takes the schema from the version of its index to the next.
    private static readonly string[] Schema =
    [
        "create table grain_state (key text primary key not null, version integer not null, data blob)",
    ];

    // Not bounded: a grain waits for its write, so there are never more requests than activations.
    private readonly BlockingCollection<Request> _requests = [];
    private readonly Queue<Request> _writes = [];
    private readonly List<Request> _batch = new(MaxBatch);
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly Thread _thread;

    private StateFile(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        _read = Command("select version, data from grain_state where key = $key");
        _insert = Command("insert into grain_state values ($key, 1, $data) on conflict do nothing returning version");
        _update = Command(
            "update grain_state set version = version + 1, data = $data where key = $key and version = $expected returning version");
        _thread = new Thread(Run) { IsBackground = true, Name = "state file" };
        _thread.Start();
    }

    private bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Opens the file, and makes it if there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StateFileException">
    /// It cannot be opened, is damaged, is in use by another process, or was written by a newer version of the program.
    /// </exception>
    public static StateFile Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "pragma locking_mode = exclusive");
            Execute(connection, "pragma journal_mode = wal");
            Execute(connection, "pragma synchronous = full");
            Upgrade(connection, path);
            return new StateFile(path, connection);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw StateFileException.Of(path, error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads a record; null when there is none.</summary>
    /// <exception cref="StateFileException">The file cannot be read.</exception>
    public Task<StoredState?> ReadAsync(string key)
    {
        var read = new Request(key);
        _requests.Add(read);
        return read.Result;
    }

    /// <summary>Writes a record, and completes when it is on disk.</summary>
    /// <param name="key">The record.</param>
    /// <param name="expected">The version that it must have; null for a record that must not be there.</param>
    /// <param name="data">The serialized state; null to clear it.</param>
    /// <returns>The record as it is stored now; null when it has another version, and then nothing is changed.</returns>
    /// <exception cref="StateFileException">The file cannot be written. The record is as it was.</exception>
    public Task<StoredState?> WriteAsync(string key, long? expected, byte[]? data)
    {
        var write = new Request(key) { IsWrite = true, Expected = expected, Data = data };
        _requests.Add(write);
        return write.Result;
    }

    /// <summary>Completes what was asked for, and closes the file.</summary>
    public void Dispose()
    {
        _requests.CompleteAdding();
        _thread.Join();
        _requests.Dispose();
        _read.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _connection.Dispose();
    }

    private static void Upgrade(SqliteConnection connection, string path)
    {
        // Also takes the lock, so that a file that another process has is found out here.
        Execute(connection, "begin immediate");
        using var query = connection.CreateCommand();
        query.CommandText = "pragma user_version";
        var found = (long)query.ExecuteScalar()!;
        if (found > Schema.Length)
        {
            throw new StateFileException(
                path, $"was written by a newer version of this program (schema {found}; this version knows {Schema.Length}).");
        }

        for (var version = found; version < Schema.Length; version++)
        {
            Execute(connection, Schema[version]);
        }

        Execute(connection, $"pragma user_version = {Schema.Length}");
        Execute(connection, "commit");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in (string[])["$key", "$expected", "$data"])
        {
            if (sql.Contains(name, StringComparison.Ordinal))
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }
        }

        command.Prepare();
        return command;
    }

    private void Run()
    {
        foreach (var first in _requests.GetConsumingEnumerable())
        {
            Take(first);
            do
            {
                while (_requests.TryTake(out var next))
                {
                    Take(next);
                }

                CommitSome();
            }
            while (_writes.Count > 0);
        }
    }

    private void Take(Request request)
    {
        if (request.IsWrite)
        {
            _writes.Enqueue(request);
            return;
        }

        try
        {
            request.Succeed(Read(request));
        }
        catch (Exception error)
        {
            request.Fail(Explain(error));
        }
    }

    private void CommitSome()
    {
        if (_writes.Count == 0)
        {
            return;
        }

        try
        {
            Execute(_connection, "begin");
            while (_batch.Count < MaxBatch && _writes.TryDequeue(out var write))
            {
                _batch.Add(write);
                TryWrite(write);
            }

            Execute(_connection, "commit");
            _batch.ForEach(static write => write.Complete());
        }
        catch (Exception error)
        {
            if (IsInTransaction)
            {
                Execute(_connection, "rollback");
            }

            // The first write of a batch that could not even begin must not be tried for ever.
            if (_batch.Count == 0)
            {
                _batch.Add(_writes.Dequeue());
            }

            var cause = Explain(error);
            _batch.ForEach(write => write.Fail(cause));
        }

        _batch.Clear();
    }

    /// <summary>One statement of a transaction. SQLite undoes one that fails and goes on, unless it had to undo them all.</summary>
    private void TryWrite(Request write)
    {
        try
        {
            write.Outcome = Write(write);
        }
        catch (Exception error) when (IsInTransaction)
        {
            write.Fail(Explain(error));
        }
    }

    private StoredState? Read(Request request)
    {
        _read.Parameters[0].Value = request.Key;
        using var row = _read.ExecuteReader();
        return row.Read() ? new StoredState(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)) : null;
    }

    private StoredState? Write(Request request)
    {
        var command = request.Expected is null ? _insert : _update;
        command.Parameters["$key"].Value = request.Key;
        command.Parameters["$data"].Value = (object?)request.Data ?? DBNull.Value;
        if (request.Expected is { } expected)
        {
            command.Parameters["$expected"].Value = expected;
        }

        return command.ExecuteScalar() is long version ? new StoredState(version, request.Data) : null;
    }

    private Exception Explain(Exception error) =>
        error is SqliteException sqlite ? StateFileException.Of(_path, sqlite) : error;

    /// <summary>A read or a write that somebody waits for.</summary>
    private sealed class Request(string key)
    {
        private readonly TaskCompletionSource<StoredState?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Key => key;

        public bool IsWrite { get; init; }

        public long? Expected { get; init; }

        public byte[]? Data { get; init; }

        /// <summary>What a write becomes once its transaction is committed.</summary>
        public StoredState? Outcome { get; set; }

        public Task<StoredState?> Result => _done.Task;

        public void Succeed(StoredState? state) => _done.TrySetResult(state);

        public void Complete() => _done.TrySetResult(Outcome);

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
