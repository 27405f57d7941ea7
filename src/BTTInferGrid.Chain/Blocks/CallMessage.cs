using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>A call to try without a transaction.</summary>
/// <param name="From">Who calls.</param>
/// <param name="To">The account or contract called; null makes a contract of the data.</param>
/// <param name="Value">Wei sent along.</param>
/// <param name="Data">The call's data.</param>
public sealed record CallMessage(Address From, Address? To, BigInteger Value, ReadOnlyMemory<byte> Data);
