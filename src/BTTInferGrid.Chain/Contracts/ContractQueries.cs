using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>Asks contracts, by a client of a chain's nodes.</summary>
public static class ContractQueries
{
    private const int MaxErrorBytes = 64 << 10;

    extension(RpcClient rpc)
    {
        /// <summary>Calls a function without a transaction, on the newest block.</summary>
        /// <typeparam name="T">What it returns.</typeparam>
        /// <param name="contract">The contract.</param>
        /// <param name="call">The call.</param>
        /// <param name="from">Who calls; the zero address if that is of no matter.</param>
        /// <param name="cancellationToken">Ends the attempts.</param>
        /// <exception cref="ContractRevertException">The contract refuses the call.</exception>
        /// <exception cref="Abi.AbiException">There is another contract at the address, or none.</exception>
        /// <exception cref="RpcException">The nodes do not answer.</exception>
        public async Task<T> ReadAsync<T>(
            Address contract, ContractCall<T> call, Address from = default, CancellationToken cancellationToken = default)
        {
            return call.Decode(await UnlessRevertedAsync(rpc.AskAsync(
                ChainQueries.Call(new CallMessage(from, contract, 0, call.Data), BlockTag.Latest), cancellationToken)));
        }

        /// <summary>Units of gas that a transaction with a call would need now.</summary>
        /// <param name="contract">The contract.</param>
        /// <param name="call">The call.</param>
        /// <param name="from">Who calls.</param>
        /// <param name="cancellationToken">Ends the attempts.</param>
        /// <exception cref="ContractRevertException">The contract refuses the call.</exception>
        /// <exception cref="RpcException">The nodes do not answer.</exception>
        public Task<ulong> EstimateGasAsync(
            Address contract, ContractCall call, Address from, CancellationToken cancellationToken = default) =>
            UnlessRevertedAsync(rpc.AskAsync(
                ChainQueries.GasEstimate(new CallMessage(from, contract, 0, call.Data)), cancellationToken));
    }

    private static async Task<T> UnlessRevertedAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (RpcErrorException error) when (error.IsReverted)
        {
            // Without data only the node's words say why, and they may be about the node.
            throw new ContractRevertException(HexText.Parse(error.RawData ?? "", MaxErrorBytes) is { Length: > 0 } data
                ? ContractErrors.Decode(data)
                : new RevertMessage(error.NodeMessage));
        }
    }
}
