using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Chain.Logs;

/// <summary>
/// Hands on the logs of contracts in the order of the chain, once a block is deep enough to be final. The handler
/// writes what it derives into the transaction that moves the cursor, so each log has its effect exactly once, whatever
/// process dies when. An effect elsewhere may happen twice: a log's block hash and index tell. Not for use by several
/// threads at once.
/// </summary>
public sealed partial class LogFollower : IDisposable
{
    private readonly RpcClient _rpc;
    private readonly LogFollowerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SqliteFile _file;
    private readonly LogCursorStore _cursors;
    private bool _isReady;
    private ulong _range;

    /// <summary>Follows nothing yet.</summary>
    /// <param name="rpc">The nodes; not disposed of.</param>
    /// <param name="options">Which logs, and from where.</param>
    /// <param name="time">Measures the time between questions.</param>
    /// <param name="logger">Hears of nodes that do not answer and of ranges that they refuse.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LogFollower(RpcClient rpc, LogFollowerOptions options, TimeProvider time, ILogger<LogFollower> logger)
    {
        options.Validate();
        _rpc = rpc;
        _options = options;
        _time = time;
        _logger = logger;
        _file = new SqliteFile(options.Database);
        _cursors = new LogCursorStore(_file, rpc.ChainId, options.Name);
        _range = (ulong)options.MaxRange;
    }

    /// <summary>Hands on logs until it is cancelled, and waits out nodes that do not answer.</summary>
    /// <param name="handler">
    /// Writes what it derives into the transaction. It should be quick: the file is locked.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeepReorgException">Logs that were handed on are no longer of the chain. See there.</exception>
    /// <exception cref="WrongChainException">The nodes are of another chain.</exception>
    public async Task FollowAsync(Action<LogBatch, SqliteTransaction> handler, CancellationToken cancellationToken)
    {
        while (true)
        {
            var hasMore = false;
            try
            {
                hasMore = await AdvanceAsync(handler, cancellationToken);
            }
            catch (RpcException error) when (error is not WrongChainException)
            {
                LogNotAnswered(_options.Name, error.Message);
            }

            if (!hasMore)
            {
                await Task.Delay(_options.PollInterval, _time, cancellationToken);
            }
        }
    }

    /// <summary>Hands on one range of final blocks, if there is one.</summary>
    /// <param name="handler">See <see cref="FollowAsync"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there may be more already.</returns>
    /// <exception cref="DeepReorgException">Logs that were handed on are no longer of the chain. See there.</exception>
    /// <exception cref="RpcException">The nodes do not answer.</exception>
    public async Task<bool> AdvanceAsync(
        Action<LogBatch, SqliteTransaction> handler, CancellationToken cancellationToken = default)
    {
        await PrepareAsync(cancellationToken);
        var cursors = await _cursors.ReadAsync(cancellationToken);
        LogCursor? cursor = cursors.Count == 0 ? null : cursors[0];
        var from = cursor is { } last ? last.Block + 1 : _options.FirstBlock;
        var head = await CheckAsync(cursors, cancellationToken);
        if (head + 1 < from + (ulong)_options.Confirmations)
        {
            return false;
        }

        var final = head + 1 - (ulong)_options.Confirmations;
        var to = Math.Min(from + _range - 1, final);
        if (await ReadAsync(cursor, from, to, cancellationToken) is not { } found)
        {
            return true;
        }

        _range = Math.Min(_range + Math.Max(1, _range / 8), (ulong)_options.MaxRange);
        var batch = new LogBatch(from, to, found.Logs);
        await _cursors.MoveAsync(cursor, found.End, transaction => handler(batch, transaction), cancellationToken);
        return to < final;
    }

    /// <summary>
    /// Goes back to an earlier block after a deep reorganisation, and undoes what came of the later ones, at once or
    /// not at all.
    /// </summary>
    /// <param name="to"><see cref="DeepReorgException.Common"/>; null goes back to before the first block.</param>
    /// <param name="undo">Undoes in the transaction what came of the blocks after that.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RewindAsync(
        LogCursor? to, Action<SqliteTransaction> undo, CancellationToken cancellationToken = default)
    {
        await PrepareAsync(cancellationToken);
        await _cursors.RewindAsync(to, undo, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isReady)
        {
            await _cursors.CreateAsync(cancellationToken);
            _isReady = true;
        }
    }

    /// <returns>The height of the chain, which the cursor was seen to be of.</returns>
    private async Task<ulong> CheckAsync(List<LogCursor> cursors, CancellationToken cancellationToken)
    {
        if (cursors.Count == 0)
        {
            return await _rpc.AskAsync(ChainQueries.BlockNumber(), cancellationToken);
        }

        var (head, block) = await _rpc.AskAsync(
            ChainQueries.BlockNumber(), ChainQueries.Block(BlockTag.Number(cursors[0].Block)), cancellationToken);

        // A node that is behind has nothing to say about the cursor.
        if (head < cursors[0].Block || block?.Hash == cursors[0].Hash)
        {
            return head;
        }

        var blocks = await _rpc.AskAllAsync(
            [.. cursors.Select(static cursor => ChainQueries.Block(BlockTag.Number(cursor.Block)))], cancellationToken);
        var common = cursors.Index().Where(entry => blocks[entry.Index]?.Hash == entry.Item.Hash)
            .Select(static entry => (LogCursor?)entry.Item).FirstOrDefault();
        throw new DeepReorgException(cursors[0], common);
    }

    /// <returns>
    /// The logs and the last block of the range; null if the node wants a smaller range, which is tried next.
    /// </returns>
    private async Task<(LogEntry[] Logs, LogCursor End)?> ReadAsync(
        LogCursor? cursor, ulong from, ulong to, CancellationToken cancellationToken)
    {
        // One endpoint answers all three, so the logs are of the branch that the cursor and the end are of.
        var logs = ChainQueries.Logs(_options.Addresses, _options.Events, from, to);
        var end = ChainQueries.Block(BlockTag.Number(to));
        var start = ChainQueries.Block(BlockTag.Number(cursor?.Block ?? to));
        try
        {
            var replies = await _rpc.CallAsync([start.Call, logs.Call, end.Call], cancellationToken);
            var found = logs.Read(replies[1]);
            if (end.Read(replies[2]) is not { } last
                || (cursor is { } before && start.Read(replies[0])?.Hash != before.Hash))
            {
                throw new RpcMalformedException(
                    "eth_getLogs", "the node changes its branch or lacks blocks that it told of.");
            }

            Verify(found, from, last);
            return (found, new LogCursor(last.Number, last.Hash));
        }
        catch (RpcException error) when (to > from
            && error is RpcErrorException or RpcTooLargeException or RpcUnreachableException { IsTimeout: true })
        {
            _range = Math.Max(1, (to - from + 1) / 2);
            LogRangeRefused(_options.Name, to - from + 1, _range, error.Message);
            return null;
        }
    }

    /// <exception cref="RpcMalformedException">The logs are not what was asked for, in order.</exception>
    private void Verify(LogEntry[] logs, ulong from, BlockHeader end)
    {
        for (var i = 0; i < logs.Length; i++)
        {
            var log = logs[i];
            var isAsked = log.BlockNumber >= from && log.BlockNumber <= end.Number
                && _options.Addresses.Contains(log.Address)
                && (_options.Events.Count == 0 || (log.Topics.Count > 0 && _options.Events.Contains(log.Topics[0])));
            var isOfBranch = log.BlockNumber != end.Number || log.BlockHash == end.Hash;
            var isInOrder = i == 0 || logs[i - 1].BlockNumber < log.BlockNumber
                || (logs[i - 1].BlockHash == log.BlockHash && logs[i - 1].LogIndex < log.LogIndex);
            if (!isAsked || !isOfBranch || !isInOrder)
            {
                throw new RpcMalformedException(
                    "eth_getLogs", "the logs are not those asked for, in the order of the chain.");
            }
        }
    }

    [LoggerMessage(7120, LogLevel.Warning, "The logs of {Name} cannot be read now; it is tried again. {Reason}")]
    private partial void LogNotAnswered(string name, string reason);

    [LoggerMessage(
        7121, LogLevel.Information,
        "The node refused {Blocks} blocks of logs of {Name}; {Fewer} are tried. {Reason}")]
    private partial void LogRangeRefused(string name, ulong blocks, ulong fewer, string reason);
}
