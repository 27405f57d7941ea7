using System.Numerics;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>What a transaction pays for each unit of gas, in wei.</summary>
/// <param name="MaxFee">
/// The most in all: EIP-1559's <c>maxFeePerGas</c>, or the gas price of a legacy transaction.
/// </param>
/// <param name="PriorityFee">
/// The most for the block's producer: EIP-1559's <c>maxPriorityFeePerGas</c>; null in a legacy transaction.
/// </param>
public sealed record TransactionFees(BigInteger MaxFee, BigInteger? PriorityFee);
