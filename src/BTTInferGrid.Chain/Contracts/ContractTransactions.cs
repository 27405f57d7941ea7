using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>Calls contracts by an account's transactions.</summary>
public static class ContractTransactions
{
    extension(TransactionManager transactions)
    {
        /// <summary>Calls a function by a transaction, and waits until it is done.</summary>
        /// <param name="key">Which transaction it is, so that it is sent once.</param>
        /// <param name="contract">The contract.</param>
        /// <param name="call">The call.</param>
        /// <param name="cancellationToken">Gives up waiting; the intent is not withdrawn.</param>
        /// <exception cref="ContractRevertException">The contract refuses the call.</exception>
        /// <exception cref="TransactionException">It was not carried out for another reason.</exception>
        public async Task<TransactionStatus> SendAsync(
            string key, Address contract, ContractCall call, CancellationToken cancellationToken = default)
        {
            try
            {
                return await transactions.SendAsync(
                    new TransactionIntent { Key = key, To = contract, Data = call.Data }, cancellationToken);
            }
            catch (TransactionRevertedException error)
            {
                throw ContractRevertException.Of(error);
            }
        }
    }
}
