using System.Numerics;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>Finds out, before anything is signed, whether a transaction can be sent, and what it needs.</summary>
internal sealed class TransactionPreparer(RpcClient rpc, FeeMarket market, TransactionOptions options, Address sender)
{
    /// <summary>One transaction a microsecond for a century.</summary>
    private const ulong MaxNonce = 1UL << 52;

    /// <param name="intent">The intent.</param>
    /// <param name="underWay">The transactions before it, which may cost what the account has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException">The nodes do not answer, or cannot now.</exception>
    public async Task<Preparation> PrepareAsync(
        TransactionIntent intent, IEnumerable<StoredIntent> underWay, CancellationToken cancellationToken)
    {
        var (balance, mined) = await rpc.AskAsync(
            ChainQueries.Balance(sender, BlockTag.Latest), ChainQueries.TransactionCount(sender, BlockTag.Latest),
            cancellationToken);
        var reserved = underWay.Where(other => other.Nonce >= mined)
            .Aggregate(BigInteger.Zero, static (sum, other) => sum + other.MaxCost);
        if (reserved + intent.Value > balance)
        {
            return Insufficient(reserved + intent.Value, balance);
        }

        ulong gas;
        try
        {
            gas = intent.GasLimit ?? await EstimateAsync(intent, cancellationToken);
        }
        catch (RpcErrorException error) when (error.IsReverted)
        {
            return new Preparation(Refusal.Reverted(error.NodeMessage, error.RawData));
        }

        if (gas > options.MaxGas)
        {
            return new Preparation(Refusal.Of(RefusalReason.GasAboveLimit, gas, options.MaxGas));
        }

        var (fees, refusal) = await market.AskAsync(cancellationToken);
        if (fees is null)
        {
            return new Preparation(refusal!);
        }

        var nonce = await rpc.AskAsync(ChainQueries.TransactionCount(sender, BlockTag.Pending), cancellationToken);
        if (nonce > MaxNonce)
        {
            throw new RpcMalformedException("eth_getTransactionCount", "no account has sent so many transactions.");
        }

        var required = reserved + intent.Value + (gas * fees.MaxFee);
        return required > balance ? Insufficient(required, balance) : new Preparation(gas, fees, nonce);
    }

    private static Preparation Insufficient(BigInteger required, BigInteger available)
    {
        return new Preparation(Refusal.Of(RefusalReason.InsufficientFunds, required, available));
    }

    private async Task<ulong> EstimateAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        var call = new CallMessage(sender, intent.To, intent.Value, intent.Data);
        var estimate = await rpc.AskAsync(ChainQueries.GasEstimate(call), cancellationToken);
        var gas = estimate + ((BigInteger)estimate * options.GasMarginPercent / 100);
        return (ulong)BigInteger.Min(gas, ulong.MaxValue);
    }
}
