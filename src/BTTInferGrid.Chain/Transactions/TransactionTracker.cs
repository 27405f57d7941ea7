using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// Brings transactions that are under way to their end: sends again what nodes do not have, raises what waits too long,
/// and says what is done. It relies on receipts, not on what nodes answer to sending.
/// </summary>
internal sealed partial class TransactionTracker(
    RpcClient rpc, TransactionStore store, FeeMarket market, ITransactionSigner signer, TransactionOptions options,
    TimeProvider time, ILogger logger)
{
    private const ulong TransferGas = 21_000;

    private (ulong Nonce, long Since)? _gap;
    private long _atCap;

    /// <exception cref="RpcException">The nodes do not answer; what was not done is done the next time.</exception>
    public async Task TrackAsync(CancellationToken cancellationToken)
    {
        var underWay = await store.ReadUnderWayAsync(cancellationToken);
        var next = await store.ReadNextNonceAsync(cancellationToken) ?? 0;
        if (underWay.Count == 0 && next == 0)
        {
            return;
        }

        var view = await ChainView.AskAsync(rpc, signer.Address, underWay, cancellationToken);
        foreach (var (intent, isKnown, receipt) in view.Sightings)
        {
            if (receipt is not null)
            {
                await ConfirmAsync(intent, receipt, view.Head, cancellationToken);
            }
            else if (intent.Nonce < view.NextNonce)
            {
                await CheckDisplacedAsync(intent, view.Head, cancellationToken);
            }
            else
            {
                await PushAsync(intent, isKnown, isFirst: intent.Nonce == view.NextNonce, cancellationToken);
            }
        }

        await MendGapAsync(view.NextNonce, next, underWay, cancellationToken);
    }

    /// <summary>Hands signed bytes that are stored to the node.</summary>
    /// <exception cref="RpcException">The nodes do not answer.</exception>
    public async Task<SendOutcome> SendAsync(
        StoredIntent intent, TransactionAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var hash = await rpc.AskAsync(ChainQueries.SendRawTransaction(attempt.Bytes), cancellationToken);
            if (hash != attempt.Hash)
            {
                throw new RpcMalformedException(
                    "eth_sendRawTransaction", "the node gives another hash than that of the bytes.");
            }
        }
        catch (RpcErrorException error) when (!Says(error, "already known", "known transaction", "already imported"))
        {
            // Receipts tell what "nonce too low" means here.
            await store.SetProblemAsync(intent.Id, error.NodeMessage, cancellationToken);
            LogNotTaken(intent.Intent.Key, attempt.Hash.ToString(), error.NodeMessage);
            return Says(error, "underpriced") ? SendOutcome.TooCheap : SendOutcome.NotTaken;
        }
        catch (RpcErrorException)
        {
            // An earlier answer was lost.
        }

        await store.SetSentAsync(intent.Id, attempt.Number, time.GetUtcNow(), cancellationToken);
        LogSent(intent.Intent.Key, attempt.Hash.ToString(), intent.Nonce);
        return SendOutcome.Taken;
    }

    private static bool Says(RpcErrorException error, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (error.NodeMessage.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sees that nodes have a transaction, and have reason to put it in a block.</summary>
    private async Task PushAsync(StoredIntent intent, bool isKnown, bool isFirst, CancellationToken cancellationToken)
    {
        // The same bytes first: a node that lost them, or never had them, may take them.
        var mayRaise = isKnown;
        if (!isKnown)
        {
            var outcome = await SendAsync(intent, intent.Attempts[^1], cancellationToken);
            mayRaise = outcome == SendOutcome.TooCheap;
        }
        else if (intent.Problem is not null)
        {
            await store.SetProblemAsync(intent.Id, null, cancellationToken);
        }

        if (mayRaise && isFirst)
        {
            await RaiseAsync(intent, cancellationToken);
        }
    }

    private async Task ConfirmAsync(
        StoredIntent intent, TransactionReceipt receipt, ulong head, CancellationToken cancellationToken)
    {
        if (head + 1 < receipt.BlockNumber + (ulong)options.Confirmations)
        {
            return;
        }

        var refusal = receipt.Succeeded ? null : await AskReasonAsync(intent, receipt.BlockNumber, cancellationToken);
        var state = receipt.Succeeded ? TransactionState.Confirmed : TransactionState.Reverted;
        await store.FinishAsync(
            intent.Id, state, receipt.TransactionHash, receipt.BlockNumber, refusal, cancellationToken);
        LogDone(intent.Intent.Key, state, receipt.TransactionHash.ToString(), receipt.BlockNumber);
    }

    /// <summary>Tries the call again where it was reverted: a receipt does not say why.</summary>
    private async Task<Refusal> AskReasonAsync(StoredIntent intent, ulong block, CancellationToken cancellationToken)
    {
        try
        {
            var before = BlockTag.Number(block == 0 ? 0 : block - 1);
            await rpc.AskAsync(ChainQueries.Call(intent.CallFrom(signer.Address), before), cancellationToken);
            return Refusal.Reverted(
                "the same call is not reverted when it is tried again, so it ran out of gas or came after others.",
                null);
        }
        catch (RpcErrorException error)
        {
            return Refusal.Reverted(error.NodeMessage, error.RawData);
        }
    }

    /// <summary>
    /// The nonce was used and no attempt has a receipt. That is final once the nonce was used in a block that is deep
    /// enough.
    /// </summary>
    private async Task CheckDisplacedAsync(StoredIntent intent, ulong head, CancellationToken cancellationToken)
    {
        if (head + 1 < (ulong)options.Confirmations)
        {
            return;
        }

        var final = BlockTag.Number(head + 1 - (ulong)options.Confirmations);
        var count = ChainQueries.TransactionCount(signer.Address, final);
        RpcQuery<TransactionReceipt?>[] receipts =
            [.. intent.Attempts.Select(static attempt => ChainQueries.Receipt(attempt.Hash))];
        var replies = await rpc.CallAsync(
            [count.Call, .. receipts.Select(static receipt => receipt.Call)], cancellationToken);
        var isUsed = count.Read(replies[0]) > intent.Nonce;
        var isSeen = receipts.Index().Any(entry => entry.Item.Read(replies[entry.Index + 1]) is not null);
        if (isUsed && !isSeen)
        {
            await store.FinishAsync(intent.Id, TransactionState.Displaced, null, null, null, cancellationToken);
            LogDisplaced(intent.Intent.Key, intent.Nonce);
        }
    }

    /// <summary>
    /// Replaces the transaction that the chain waits for if it has waited too long. Those after it wait for it.
    /// </summary>
    private async Task RaiseAsync(StoredIntent intent, CancellationToken cancellationToken)
    {
        var last = intent.Attempts[^1];
        if (time.GetUtcNow() - last.SentAt < options.StuckAfter)
        {
            return;
        }

        var (asked, _) = await market.AskAsync(cancellationToken);
        if (FeeMarket.Raise(last.Fees, asked, options.MaxFeePerGas) is not { } fees)
        {
            if (_atCap != intent.Id)
            {
                _atCap = intent.Id;
                LogAtCap(intent.Intent.Key, intent.Nonce);
            }

            return;
        }

        var attempt = Sign(intent.Intent, intent.Nonce!.Value, last.Number + 1, last.GasLimit, fees);
        if (await store.ReplaceAsync(intent.Id, attempt, cancellationToken))
        {
            LogRaised(intent.Intent.Key, attempt.Number, intent.Nonce);
            await SendAsync(intent, attempt, cancellationToken);
        }
    }

    /// <summary>
    /// The chain waits for a nonce that nothing under way has: a transaction that was sent without this store, or one
    /// that was done, is gone from the chain. After a while, as the node may only be behind, it is sent again or its
    /// nonce used up.
    /// </summary>
    private async Task MendGapAsync(
        ulong nonce, ulong next, IReadOnlyList<StoredIntent> underWay, CancellationToken cancellationToken)
    {
        if (nonce >= next || underWay.Any(intent => intent.Nonce == nonce))
        {
            _gap = null;
            return;
        }

        if (_gap is not { } gap || gap.Nonce != nonce)
        {
            _gap = (nonce, time.GetTimestamp());
            return;
        }

        if (time.GetElapsedTime(gap.Since) < options.StuckAfter)
        {
            return;
        }

        var (fees, _) = await market.AskAsync(cancellationToken);
        if (fees is not null)
        {
            var filler = new TransactionIntent { Key = $"{TransactionStore.GapPrefix}{nonce}", To = signer.Address };
            var key = await store.MendAsync(
                nonce, filler, () => Sign(filler, nonce, 0, TransferGas, fees), cancellationToken);
            LogMended(nonce, key);
        }
    }

    public TransactionAttempt Sign(
        TransactionIntent intent, ulong nonce, int number, ulong gasLimit, TransactionFees fees)
    {
        var signed = signer.Sign(
            new UnsignedTransaction(rpc.ChainId, nonce, intent.To, intent.Value, intent.Data, gasLimit, fees));
        return new TransactionAttempt(number, signed.Hash, signed.Bytes.ToArray(), gasLimit, fees, time.GetUtcNow());
    }

    [LoggerMessage(7060, LogLevel.Information, "Transaction '{Key}' is sent as {Hash} with nonce {Nonce}")]
    private partial void LogSent(string key, string hash, ulong? nonce);

    [LoggerMessage(7061, LogLevel.Warning, "The node does not take transaction '{Key}' as {Hash}: {Reason}")]
    private partial void LogNotTaken(string key, string hash, string reason);

    [LoggerMessage(7062, LogLevel.Information, "Transaction '{Key}' is {State} as {Hash} in block {Block}")]
    private partial void LogDone(string key, TransactionState state, string hash, ulong block);

    [LoggerMessage(
        7063, LogLevel.Error,
        "Transaction '{Key}' cannot be carried out: its nonce {Nonce} was used outside this store")]
    private partial void LogDisplaced(string key, ulong? nonce);

    [LoggerMessage(
        7064, LogLevel.Information,
        "Transaction '{Key}' waits; attempt {Number} pays more for nonce {Nonce}")]
    private partial void LogRaised(string key, int number, ulong? nonce);

    [LoggerMessage(
        7065, LogLevel.Warning,
        "Transaction '{Key}' with nonce {Nonce} waits and may not pay more: raise the cap on fees or wait")]
    private partial void LogAtCap(string key, ulong? nonce);

    [LoggerMessage(
        7066, LogLevel.Warning,
        "The chain waits for nonce {Nonce}, which nothing under way has; '{Key}' is sent for it")]
    private partial void LogMended(ulong nonce, string key);
}
