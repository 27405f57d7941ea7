namespace BTTInferGrid.Silo.Chains;

/// <summary>What an account has, as commands show it.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Account">The account.</param>
/// <param name="Tokens">Wei of the grid's token.</param>
/// <param name="Coins">Wei of the chain's coin, which pays for gas.</param>
internal sealed record BalanceDocument(ulong ChainId, string Account, string Tokens, string Coins);
