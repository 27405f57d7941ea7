using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Chains;

/// <summary>
/// Carries out actions of a wallet. An action that was interrupted is gone on with, and not begun again, by whoever asks for
/// the same: only when its outcome was told is the same wish a new one.
/// </summary>
/// <param name="transactions">The wallet's transactions.</param>
/// <param name="chain">What the steps depend on.</param>
internal sealed class ActionSender(TransactionManager transactions, ChainReader chain)
{
    /// <summary>What steps would cost, and whether they would be refused, as far as that can be seen before the first.</summary>
    /// <exception cref="ContractRevertException">A contract would refuse a step.</exception>
    public static async Task<EstimateDocument> EstimateAsync(
        IReadOnlyList<ChainStep> steps, ChainReader chain, CancellationToken cancellationToken)
    {
        var price = await chain.Rpc.AskAsync(ChainQueries.GasPrice(), cancellationToken);
        var estimated = new List<EstimatedStepDocument>();
        foreach (var step in steps)
        {
            var gas = await EstimateAsync(step, chain, mayDepend: estimated.Count > 0, cancellationToken);
            estimated.Add(new EstimatedStepDocument(
                step.Name, step.Contract.ToString(), step.Call.Signature, gas, gas is { } units ? $"{units * price}" : null));
        }

        return new EstimateDocument(chain.Rpc.ChainId, chain.Account.ToString(), $"{price}", estimated);
    }

    /// <summary>Goes on with an action that is under way; null if there is none.</summary>
    public async Task<ActionDocument?> ResumeAsync(ChainAction action, CancellationToken cancellationToken)
    {
        var key = await CurrentKeyAsync(action.Key, cancellationToken);
        if (await transactions.FindAsync(key, cancellationToken) is null)
        {
            return null;
        }

        var earlier = await UnfinishedAsync(key, cancellationToken);
        var done = await WaitAsync(action.Key.Split('/')[0], key, cancellationToken);
        return new ActionDocument(
            chain.Rpc.ChainId, chain.Account.ToString(), [done], await DescribeAsync(earlier, cancellationToken));
    }

    /// <summary>Sends the transactions of an action, one after another, and waits for each.</summary>
    /// <exception cref="ContractRevertException">A contract refuses a step; those before it are done.</exception>
    /// <exception cref="TransactionException">A step was not carried out for another reason.</exception>
    public async Task<ActionDocument> SendAsync(
        ChainAction action, IReadOnlyList<ChainStep> steps, CancellationToken cancellationToken)
    {
        var earlier = await UnfinishedAsync(null, cancellationToken);
        var done = new List<TransactionDocument>();
        foreach (var step in steps)
        {
            var isLast = done.Count == steps.Count - 1;
            var key = await CurrentKeyAsync(isLast ? action.Key : $"{action.Key}/{step.Name}", cancellationToken);
            await transactions.SubmitAsync(
                new TransactionIntent { Key = key, To = step.Contract, Data = step.Call.Data }, cancellationToken);
            done.Add(await WaitAsync(step.Name, key, cancellationToken));
        }

        return new ActionDocument(
            chain.Rpc.ChainId, chain.Account.ToString(), done, await DescribeAsync(earlier, cancellationToken));
    }

    private async Task<IReadOnlyList<string>> UnfinishedAsync(string? but, CancellationToken cancellationToken)
    {
        var unfinished = await transactions.UnfinishedAsync(cancellationToken);
        return [.. unfinished.Select(static intent => intent.Key).Where(key => key != but)];
    }

    /// <summary>Tells what became of the wishes of earlier commands: asked for again, they would be new ones now.</summary>
    private async Task<IReadOnlyList<EarlierDocument>> DescribeAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var earlier = new List<EarlierDocument>();
        foreach (var key in keys)
        {
            if (await transactions.FindAsync(key, cancellationToken) is { } status)
            {
                earlier.Add(new EarlierDocument(key, status.State.ToString().ToLowerInvariant(), status.Hash?.ToString()));
            }
        }

        return earlier;
    }

    private async Task<TransactionDocument> WaitAsync(string name, string key, CancellationToken cancellationToken)
    {
        try
        {
            var status = await transactions.WaitAsync(key, cancellationToken);
            var receipt = await chain.Rpc.AskAsync(ChainQueries.Receipt(status.Hash!.Value), cancellationToken);
            return new TransactionDocument(
                name, status.Hash.Value.ToString(), status.BlockNumber!.Value, receipt?.GasUsed ?? 0,
                receipt?.EffectiveGasPrice is { } price ? $"{receipt.GasUsed * price}" : null);
        }
        catch (TransactionRevertedException error)
        {
            throw new ContractRevertException(ContractErrors.Decode(error.RevertData));
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

    /// <summary>The key of what is under way, or else of what is next: all before have ended, and whoever asked was told.</summary>
    private async Task<string> CurrentKeyAsync(string prefix, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var key = $"{prefix}/{i}";
            if (await transactions.FindAsync(key, cancellationToken) is null or { State: TransactionState.Queued or TransactionState.Sent })
            {
                return key;
            }
        }
    }

    private static async Task<ulong?> EstimateAsync(
        ChainStep step, ChainReader chain, bool mayDepend, CancellationToken cancellationToken)
    {
        try
        {
            return await chain.Rpc.EstimateGasAsync(step.Contract, step.Call, chain.Account, cancellationToken);
        }
        catch (ContractRevertException error) when (
            mayDepend && error.Error is ERC20InsufficientAllowanceError or UnknownError or RevertMessage)
        {
            // What the contract may take is not allowed yet, and nothing else is known to be wrong.
            return null;
        }
    }
}
