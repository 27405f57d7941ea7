using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Payouts;

/// <summary>A leaf of an epoch's tree: what an account has earned.</summary>
/// <param name="Account">The account.</param>
/// <param name="Cumulative">What it has earned in all epochs together, in wei of the token.</param>
public readonly record struct Payout(Address Account, BigInteger Cumulative);
