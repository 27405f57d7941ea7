namespace BTTInferGrid.Grains.Accounts;

/// <summary>What is stored of an account.</summary>
internal sealed class AccountState
{
    /// <summary>The random name of the account that miners are told; empty before the first key.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Hashes of the account's keys, in the order they were created.</summary>
    public List<string> KeyHashes { get; set; } = [];
}
