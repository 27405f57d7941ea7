using System.Numerics;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>A failed check of the compiler, <c>Panic(uint256)</c>: a fault of the contract.</summary>
/// <param name="Code">Which check, by the Solidity documentation: 0x11 overflow, 0x12 division by zero, 0x32 index, …</param>
public sealed record RevertPanic(BigInteger Code) : ContractError;
