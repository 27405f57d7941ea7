using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Chains;

/// <summary>
/// Carries out actions of a wallet, each once. The same wish has the same key until its end was told and that was
/// acknowledged: what a command was interrupted in, or could not tell, the next one goes on with and tells.
/// </summary>
/// <param name="transactions">The wallet's transactions.</param>
/// <param name="chain">What the steps depend on.</param>
internal sealed class ActionSender(TransactionManager transactions, ChainReader chain)
{
    private const string Mark = "cli/";

    private readonly List<string> _told = [];

    // Wishes for other contracts are other wishes.
    private string Prefix => $"{Mark}{chain.Contracts.NodeRegistry.ToString().AsSpan(0, 10)}/";

    /// <summary>Whether an action is under way, or has ended without anybody being told.</summary>
    public async Task<bool> IsUnderWayAsync(ChainAction action, CancellationToken cancellationToken) =>
        await transactions.FindAsync(await KeyOfAsync(action.Key, cancellationToken), cancellationToken) is not null;

    /// <summary>Goes on with an action that is under way.</summary>
    public async Task<ActionDocument> ResumeAsync(ChainAction action, CancellationToken cancellationToken)
    {
        var key = await KeyOfAsync(action.Key, cancellationToken);
        return await DescribeAsync([await WaitAsync(action.Name, key, cancellationToken)], cancellationToken);
    }

    /// <summary>Sends the transactions of an action, one after another, and waits for each.</summary>
    /// <exception cref="CommandException">A contract refuses a step, or it was interrupted; steps before it are done.</exception>
    /// <exception cref="TransactionException">A step was not carried out for another reason.</exception>
    public async Task<ActionDocument> SendAsync(
        ChainAction action, IReadOnlyList<ChainStep> steps, CancellationToken cancellationToken)
    {
        var done = new List<TransactionDocument>();
        foreach (var step in steps)
        {
            var isLast = done.Count == steps.Count - 1;
            var key = await KeyOfAsync(isLast ? action.Key : $"{action.Key}/{step.Name}", cancellationToken);
            await transactions.SubmitAsync(
                new TransactionIntent { Key = key, To = step.Contract, Data = step.Call.Data }, cancellationToken);
            done.Add(await WaitAsync(step.Name, key, cancellationToken));
        }

        return await DescribeAsync(done, cancellationToken);
    }

    /// <summary>Stores that all that was described has been told.</summary>
    public async Task AcknowledgeAsync()
    {
        foreach (var key in _told)
        {
            await transactions.AcknowledgeAsync(key);
        }

        _told.Clear();
    }

    private async Task<TransactionDocument> WaitAsync(string name, string key, CancellationToken cancellationToken)
    {
        try
        {
            var status = await transactions.WaitAsync(key, cancellationToken);
            var receipt = await FindReceiptAsync(status.Hash!.Value, cancellationToken);
            _told.Add(key);
            return new TransactionDocument(
                name, status.Hash.Value.ToString(), status.BlockNumber!.Value, receipt?.GasUsed, FeeOf(receipt));
        }
        catch (TransactionException error)
        {
            // It moved nothing, so to tell it and to forget it need not be one.
            _told.Add(key);
            await AcknowledgeAsync();
            throw error is TransactionRevertedException { RevertData.IsEmpty: false } reverted ? Refused(reverted) : error;
        }
        catch (OperationCanceledException error)
        {
            throw new CommandException(
                ExitCode.Interrupted, "interrupted",
                "Interrupted. What was asked for is stored, and may be carried out without this command."
                + " The same command again waits for it, and does not send it twice.",
                error);
        }
    }

    private static CommandException Refused(TransactionRevertedException error) => new(
        ExitCode.Failure, "refused_by_contract",
        ContractRevertException.Of(error).Message
        + (error.Hash is { } hash ? $" That is how transaction {hash} ended; its gas was paid." : ""),
        error);

    /// <summary>The receipt, unless no node gives it: the transaction is done all the same.</summary>
    private async Task<TransactionReceipt?> FindReceiptAsync(Hash32 hash, CancellationToken cancellationToken)
    {
        try
        {
            return await chain.Rpc.AskAsync(ChainQueries.Receipt(hash), cancellationToken);
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static string? FeeOf(TransactionReceipt? receipt) =>
        receipt?.EffectiveGasPrice is { } price && Wei.IsAmount(receipt.GasUsed * price) ? $"{receipt.GasUsed * price}" : null;

    /// <summary>Adds to what was done what became of the wishes of earlier commands that nobody was told of.</summary>
    private async Task<ActionDocument> DescribeAsync(
        IReadOnlyList<TransactionDocument> done, CancellationToken cancellationToken)
    {
        var earlier = new List<EarlierDocument>();
        foreach (var status in await transactions.UnacknowledgedAsync(cancellationToken))
        {
            if (status.Key.StartsWith(Mark, StringComparison.Ordinal) && !_told.Contains(status.Key))
            {
                var action = status.Key[Prefix.Length..status.Key.LastIndexOf('/')];
                earlier.Add(new EarlierDocument(action, status.State.ToString().ToLowerInvariant(), status.Hash?.ToString()));
                _told.Add(status.Key);
            }
        }

        return new ActionDocument(chain.Rpc.ChainId, chain.Account.ToString(), done, earlier);
    }

    /// <summary>The key of a wish: that of the one before, until its end was acknowledged.</summary>
    private async Task<string> KeyOfAsync(string wish, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var key = $"{Prefix}{wish}/{i}";
            if (await transactions.FindAsync(key, cancellationToken) is null or { IsAcknowledged: false })
            {
                return key;
            }
        }
    }
}
