using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Deployment;

/// <summary>Where the grid's contracts are on a chain.</summary>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="Token">The grid's token.</param>
/// <param name="NodeRegistry">The stakes.</param>
/// <param name="DisputeCourt">The court.</param>
/// <param name="EpochRewards">The payouts.</param>
/// <param name="PaymentEscrow">The deposits.</param>
public sealed record ContractAddresses(
    ulong ChainId, Address Token, Address NodeRegistry, Address DisputeCourt, Address EpochRewards, Address PaymentEscrow);
