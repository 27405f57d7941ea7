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
            try
            {
                return call.Decode(await rpc.AskAsync(
                    ChainQueries.Call(new CallMessage(from, contract, 0, call.Data), BlockTag.Latest), cancellationToken));
            }
            catch (RpcErrorException error) when (error.IsReverted)
            {
                throw new ContractRevertException(
                    ContractErrors.Decode(HexText.Parse(error.RawData ?? "", MaxErrorBytes)));
            }
        }
    }
}
