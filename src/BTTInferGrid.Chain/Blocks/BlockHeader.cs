using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>What is needed of a block.</summary>
/// <param name="Number">Its height.</param>
/// <param name="Hash">Its hash, which says which branch it is of.</param>
/// <param name="Timestamp">Seconds since 1970.</param>
/// <param name="BaseFee">Wei that each unit of gas burns (EIP-1559); null on a chain without that.</param>
public sealed record BlockHeader(ulong Number, Hash32 Hash, ulong Timestamp, BigInteger? BaseFee);
