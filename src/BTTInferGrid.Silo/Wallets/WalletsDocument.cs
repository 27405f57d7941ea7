namespace BTTInferGrid.Silo.Wallets;

/// <summary>The wallets of a home folder.</summary>
/// <param name="Data">The wallets.</param>
internal sealed record WalletsDocument(IReadOnlyList<WalletDocument> Data);
