using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Storage;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Chain.Logs;

/// <summary>
/// Keeps how far logs were handed on, and the ends of the last batches, among which the branching point of a deep
/// reorganisation is looked for.
/// </summary>
internal sealed class LogCursorStore(SqliteFile file, ulong chainId, string name)
{
    private const int Remembered = 100;
    private const int Version = 1;

    private const string Schema =
        """
        create table if not exists log_cursor (
            chain_id integer not null,
            name text not null,
            block integer not null,
            hash text not null,
            primary key (chain_id, name, block)
        ) without rowid
        """;

    public Task CreateAsync(CancellationToken cancellationToken)
    {
        return file.CreateAsync("log_cursor", Version, Schema, cancellationToken);
    }

    /// <returns>The newest first.</returns>
    public Task<List<LogCursor>> ReadAsync(CancellationToken cancellationToken)
    {
        return file.ChangeAsync(Read, cancellationToken);
    }

    /// <summary>
    /// Moves on from one cursor to the next, with what the work writes, at once or not at all.
    /// </summary>
    /// <returns>
    /// False, and nothing is done, if the place is another by now: somebody else follows under the same name.
    /// </returns>
    public Task<bool> MoveAsync(
        LogCursor? from, LogCursor to, Action<SqliteTransaction> work, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                var cursors = Read(transaction);
                if ((cursors.Count == 0 ? null : cursors[0]) != from)
                {
                    return false;
                }

                work(transaction);
                transaction.Run(
                    "insert into log_cursor values ($chain, $name, $block, $hash)",
                    ("$chain", (long)chainId), ("$name", name), ("$block", (long)to.Block),
                    ("$hash", to.Hash.ToString()));
                if (cursors.Count >= Remembered)
                {
                    Delete(transaction, "<=", cursors[Remembered - 1].Block);
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Forgets the cursors after one, with what the work undoes, at once or not at all.</summary>
    public Task RewindAsync(LogCursor? to, Action<SqliteTransaction> undo, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                undo(transaction);
                return to is { } cursor ? Delete(transaction, ">", cursor.Block) : Delete(transaction, ">=", 0);
            },
            cancellationToken);
    }

    private int Delete(SqliteTransaction transaction, string comparison, ulong block)
    {
        return transaction.Run(
            $"delete from log_cursor where chain_id = $chain and name = $name and block {comparison} $block",
            ("$chain", (long)chainId), ("$name", name), ("$block", (long)block));
    }

    private List<LogCursor> Read(SqliteTransaction transaction)
    {
        return transaction.Read(
            "select block, hash from log_cursor where chain_id = $chain and name = $name order by block desc",
            static row => new LogCursor((ulong)row.GetInt64(0), Hash32.Parse(row.GetString(1))),
            ("$chain", (long)chainId), ("$name", name));
    }
}
