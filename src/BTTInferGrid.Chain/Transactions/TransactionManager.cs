using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Storage;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// Sends the transactions of one account so that each intent is carried out at most once, and is not forgotten,
/// whatever fails when. Intents are stored before anything is done for them and signed bytes before they are sent;
/// processes that share the key share the file, and any of them goes on with what another began. Safe for several
/// threads.
/// </summary>
public sealed partial class TransactionManager : IDisposable
{
    private readonly RpcClient _rpc;
    private readonly TransactionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SqliteFile _file;
    private readonly TransactionStore _store;
    private readonly TransactionPreparer _preparer;
    private readonly TransactionTracker _tracker;
    private readonly SemaphoreSlim _one = new(1);
    private bool _isReady;
    private bool _isSame;
    private volatile bool _hasNews;
    private long _advanced;

    /// <summary>Does nothing yet.</summary>
    /// <param name="rpc">The nodes; not disposed of.</param>
    /// <param name="signer">Signs for the account; not disposed of.</param>
    /// <param name="options">Fees, confirmations, and the file.</param>
    /// <param name="time">Measures waiting.</param>
    /// <param name="logger">Hears what becomes of transactions.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TransactionManager(
        RpcClient rpc, ITransactionSigner signer, TransactionOptions options, TimeProvider time,
        ILogger<TransactionManager> logger)
    {
        options.Validate();
        _rpc = rpc;
        _options = options;
        _time = time;
        _logger = logger;
        _file = new SqliteFile(options.Database);
        _store = new TransactionStore(_file, rpc.ChainId, signer.Address);
        var market = new FeeMarket(rpc, options);
        _preparer = new TransactionPreparer(rpc, market, options, signer.Address);
        _tracker = new TransactionTracker(rpc, _store, market, signer, options, time, logger);
    }

    /// <summary>
    /// Stores an intent; it is sent from then on, even after a crash. Submitting it again is the same as once, except
    /// that one that was refused is tried again.
    /// </summary>
    /// <param name="intent">The intent.</param>
    /// <param name="cancellationToken">Gives up; whether it was stored is then unknown.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    /// <exception cref="IntentConflictException">The key stands for another intent.</exception>
    /// <exception cref="ChainStoreException">The file cannot be used.</exception>
    public async Task<TransactionStatus> SubmitAsync(
        TransactionIntent intent, CancellationToken cancellationToken = default)
    {
        intent.Validate();
        await PrepareStoreAsync(cancellationToken);
        var stored = await _store.SubmitAsync(intent, cancellationToken);
        _hasNews = true;
        return stored.Status;
    }

    /// <summary>What is known of an intent, without asking a node; null if there is none.</summary>
    /// <param name="key">The key of the intent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TransactionStatus?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        await PrepareStoreAsync(cancellationToken);
        return (await _store.FindAsync(key, cancellationToken))?.Status;
    }

    /// <summary>The intents of the account whose end nobody has acknowledged, in the order of submission, without asking a node.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<TransactionStatus>> UnacknowledgedAsync(CancellationToken cancellationToken = default)
    {
        await PrepareStoreAsync(cancellationToken);
        return (await _store.ReadUnacknowledgedAsync(cancellationToken)).ConvertAll(static intent => intent.Status);
    }

    /// <summary>
    /// Stores that whoever wanted an intent knows its end. Callers whose keys count their wishes make the next key only
    /// then: what a crash kept from them is told again, and not done again. Nothing happens while it is under way.
    /// </summary>
    /// <param name="key">The key of the intent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AcknowledgeAsync(string key, CancellationToken cancellationToken = default)
    {
        await PrepareStoreAsync(cancellationToken);
        await _store.AcknowledgeAsync(key, cancellationToken);
    }

    /// <summary>Submits an intent and waits until it is done.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="cancellationToken">Gives up waiting; the intent is not withdrawn.</param>
    /// <returns>The confirmed transaction.</returns>
    /// <exception cref="TransactionException">It was not carried out; see the kinds of it.</exception>
    /// <exception cref="WrongChainException">The nodes are of another chain.</exception>
    /// <exception cref="DifferentGenesisException">The file belongs to another chain.</exception>
    public async Task<TransactionStatus> SendAsync(
        TransactionIntent intent, CancellationToken cancellationToken = default)
    {
        await SubmitAsync(intent, cancellationToken);
        return await WaitAsync(intent.Key, cancellationToken);
    }

    /// <summary>Waits until an intent is done, and waits out nodes that do not answer.</summary>
    /// <param name="key">The key of the intent.</param>
    /// <param name="cancellationToken">Gives up waiting; the intent is not withdrawn.</param>
    /// <returns>The confirmed transaction.</returns>
    /// <exception cref="KeyNotFoundException">There is no such intent.</exception>
    /// <exception cref="TransactionException">It was not carried out; see the kinds of it.</exception>
    /// <exception cref="WrongChainException">The nodes are of another chain.</exception>
    /// <exception cref="DifferentGenesisException">The file belongs to another chain.</exception>
    public async Task<TransactionStatus> WaitAsync(string key, CancellationToken cancellationToken = default)
    {
        await PrepareStoreAsync(cancellationToken);
        while (true)
        {
            var stored = await _store.FindAsync(key, cancellationToken)
                ?? throw new KeyNotFoundException($"No intent has the key '{key}'. Submit it first.");
            switch (stored.State)
            {
                case TransactionState.Confirmed:
                    return stored.Status;
                case TransactionState.Reverted or TransactionState.Refused:
                    throw stored.Refusal!.ToException(key, stored.Hash);
                case TransactionState.Displaced:
                    throw new TransactionDisplacedException(key, stored.Nonce!.Value);
            }

            if (!await TryAdvanceAsync(cancellationToken))
            {
                await Task.Delay(_options.PollInterval, _time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Goes on with all intents of the account until it is cancelled, also with those of processes that died.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="WrongChainException">The nodes are of another chain.</exception>
    /// <exception cref="DifferentGenesisException">The file belongs to another chain.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await TryAdvanceAsync(cancellationToken);
            await Task.Delay(_options.PollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Goes one step on with all intents of the account.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException">The nodes do not answer.</exception>
    /// <exception cref="DifferentGenesisException">The file belongs to another chain.</exception>
    public async Task AdvanceAsync(CancellationToken cancellationToken = default)
    {
        await PrepareStoreAsync(cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            await AdvanceOnceAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _one.Dispose();
    }

    /// <summary>Goes one step on, unless another caller just did.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> TryAdvanceAsync(CancellationToken cancellationToken)
    {
        await PrepareStoreAsync(cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_hasNews && _advanced != 0 && _time.GetElapsedTime(_advanced) < _options.PollInterval)
            {
                return false;
            }

            var hadNews = _hasNews;
            await AdvanceOnceAsync(cancellationToken);
            return hadNews;
        }
        catch (RpcException error) when (error is not WrongChainException)
        {
            LogNotAnswered(error.Message);
            return false;
        }
        finally
        {
            _advanced = _time.GetTimestamp();
            _one.Release();
        }
    }

    private async Task AdvanceOnceAsync(CancellationToken cancellationToken)
    {
        if (!_isSame)
        {
            await CheckGenesisAsync(cancellationToken);
            _isSame = true;
        }

        _hasNews = false;
        await _tracker.TrackAsync(cancellationToken);
        await SendQueuedAsync(cancellationToken);
    }

    private async Task SendQueuedAsync(CancellationToken cancellationToken)
    {
        var underWay = await _store.ReadUnderWayAsync(cancellationToken);
        var room = _options.MaxUnderWay - underWay.Count;
        foreach (var queued in room > 0 ? await _store.ReadQueuedAsync(room, cancellationToken) : [])
        {
            try
            {
                if (await SendQueuedAsync(queued, underWay, cancellationToken) is { } sent)
                {
                    underWay.Add(sent);
                }
            }
            catch (RpcErrorException error)
            {
                // What the node cannot say of one intent must not hold up the others.
                await _store.SetProblemAsync(queued.Id, error.NodeMessage, cancellationToken);
            }
        }
    }

    /// <returns>The intent under way; null if it is refused, or another process has been at it.</returns>
    private async Task<StoredIntent?> SendQueuedAsync(
        StoredIntent queued, List<StoredIntent> underWay, CancellationToken cancellationToken)
    {
        var prepared = await _preparer.PrepareAsync(queued.Intent, underWay, cancellationToken);
        if (prepared.Refusal is { } refusal)
        {
            await _store.RefuseAsync(queued.Id, refusal, cancellationToken);
            return null;
        }

        var nonce = 0UL;
        var attempt = await _store.AllotAsync(
            queued.Id, prepared.ChainNonce,
            given => _tracker.Sign(queued.Intent, nonce = given, 0, prepared.GasLimit, prepared.Fees),
            cancellationToken);
        if (attempt is null)
        {
            return null;
        }

        var sent = queued with { State = TransactionState.Sent, Nonce = nonce, Attempts = [attempt] };
        await _tracker.SendAsync(sent, attempt, cancellationToken);
        return sent;
    }

    private async Task PrepareStoreAsync(CancellationToken cancellationToken)
    {
        if (!_isReady)
        {
            await _store.CreateAsync(cancellationToken);
            _isReady = true;
        }
    }

    private async Task CheckGenesisAsync(CancellationToken cancellationToken)
    {
        var block = await _rpc.AskAsync(ChainQueries.Block(BlockTag.Number(0)), cancellationToken)
            ?? throw new RpcMalformedException("eth_getBlockByNumber", "the node has no first block.");
        var stored = await _store.KeepGenesisAsync(block.Hash, cancellationToken);
        if (stored != block.Hash)
        {
            throw new DifferentGenesisException(_options.Database, stored, block.Hash);
        }
    }

    [LoggerMessage(7070, LogLevel.Warning, "Transactions cannot be seen to now; it is tried again. {Reason}")]
    private partial void LogNotAnswered(string reason);
}
