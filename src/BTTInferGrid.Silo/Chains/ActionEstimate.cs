using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Chains;

/// <summary>What an action would cost, and whether it would be refused, before anything is sent.</summary>
internal static class ActionEstimate
{
    /// <exception cref="ContractRevertException">A contract would refuse a step, as far as that can be seen before the first.</exception>
    public static async Task<EstimateDocument> OfAsync(
        IReadOnlyList<ChainStep> steps, ChainReader chain, CancellationToken cancellationToken)
    {
        var price = await chain.Rpc.AskAsync(ChainQueries.GasPrice(), cancellationToken);
        var estimated = new List<EstimatedStepDocument>();
        foreach (var step in steps)
        {
            var gas = await GasOfAsync(step, chain, mayDepend: estimated.Count > 0, cancellationToken);
            if (gas is { } units && !Wei.IsAmount(units * price))
            {
                throw new CommandException(
                    ExitCode.Failure, "no_node", $"The node asks {price} wei for a unit of gas, which nobody has. Use another node.");
            }

            estimated.Add(new EstimatedStepDocument(
                step.Name, step.Contract.ToString(), step.Call.Signature, gas, gas is null ? null : $"{gas.Value * price}"));
        }

        return new EstimateDocument(chain.Rpc.ChainId, chain.Account.ToString(), $"{price}", estimated);
    }

    private static async Task<ulong?> GasOfAsync(
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
