namespace BTTInferGrid.Silo.Chains;

/// <summary>Where the grid's contracts are, as commands show it.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Token">The token.</param>
/// <param name="NodeRegistry">The stakes.</param>
/// <param name="DisputeCourt">The court.</param>
/// <param name="EpochRewards">The payouts.</param>
/// <param name="PaymentEscrow">The deposits.</param>
/// <param name="File">The file that says so.</param>
internal sealed record ContractsDocument(
    ulong ChainId, string Token, string NodeRegistry, string DisputeCourt, string EpochRewards, string PaymentEscrow, string File);
