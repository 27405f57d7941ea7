using System.Numerics;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>What the chain asks for gas now, never above the cap of the options.</summary>
internal sealed class FeeMarket(RpcClient rpc, TransactionOptions options)
{
    /// <returns>What to pay, or the refusal if that is above the cap.</returns>
    public async Task<(TransactionFees? Fees, Refusal? Refusal)> AskAsync(CancellationToken cancellationToken)
    {
        var cap = options.MaxFeePerGas;
        var (block, gasPrice) = await rpc.AskAsync(
            ChainQueries.Block(BlockTag.Latest), ChainQueries.GasPrice(), cancellationToken);
        if (options.UsesLegacyPricing || block?.BaseFee is not { } baseFee)
        {
            return gasPrice > cap ? (null, AboveCap(gasPrice)) : (new TransactionFees(gasPrice, null), null);
        }

        if (baseFee > cap)
        {
            return (null, AboveCap(baseFee));
        }

        // Twice the base fee lasts six full blocks, in each of which it can rise by an eighth.
        var priorityFee = await AskPriorityFeeAsync(
            BigInteger.Max(gasPrice - baseFee, BigInteger.Zero), cancellationToken);
        var maxFee = BigInteger.Min((2 * baseFee) + priorityFee, cap);
        return (new TransactionFees(maxFee, BigInteger.Min(priorityFee, maxFee)), null);
    }

    /// <summary>
    /// What a transaction pays that replaces one: an eighth more than that one at least, which is above what nodes
    /// require (a tenth, in geth), and what the chain asks now.
    /// </summary>
    /// <returns>Null if that is above the cap.</returns>
    public static TransactionFees? Raise(TransactionFees paid, TransactionFees? asked, BigInteger cap)
    {
        var least = Raised(paid.MaxFee);
        if (least > cap)
        {
            return null;
        }

        var maxFee = BigInteger.Min(BigInteger.Max(least, asked?.MaxFee ?? 0), cap);
        return paid.PriorityFee is { } tip
            ? new TransactionFees(maxFee, BigInteger.Min(BigInteger.Max(Raised(tip), asked?.PriorityFee ?? 0), maxFee))
            : new TransactionFees(maxFee, null);
    }

    private static BigInteger Raised(BigInteger fee)
    {
        return BigInteger.Max(fee + 1, ((fee * 9) + 7) / 8);
    }

    /// <summary>Nodes without the method are those whose gas price says it.</summary>
    private async Task<BigInteger> AskPriorityFeeAsync(BigInteger otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await rpc.AskAsync(ChainQueries.PriorityFee(), cancellationToken);
        }
        catch (RpcErrorException error) when (error.IsMethodMissing)
        {
            return otherwise;
        }
    }

    private Refusal AboveCap(BigInteger fee)
    {
        return Refusal.Of(RefusalReason.FeeAboveCap, fee, options.MaxFeePerGas);
    }
}
