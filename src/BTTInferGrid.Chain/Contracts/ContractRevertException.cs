using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>A contract refused a call. Nothing has changed, but for the fee if the call was in a transaction.</summary>
/// <param name="error">Why.</param>
public sealed class ContractRevertException(ContractError error) : Exception(RefusalText.Of(error))
{
    /// <summary>Why, with the values that the contract gave.</summary>
    public ContractError Error { get; } = error;

    /// <summary>Why a contract refused a transaction.</summary>
    /// <param name="error">What became of the transaction.</param>
    public static ContractRevertException Of(TransactionRevertedException error) => new(ContractErrors.Decode(error.RevertData));
}
