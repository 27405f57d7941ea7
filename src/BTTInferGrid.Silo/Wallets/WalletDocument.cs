namespace BTTInferGrid.Silo.Wallets;

/// <summary>A wallet, as commands show it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="File">Its keystore.</param>
internal sealed record WalletDocument(string Address, string File);
