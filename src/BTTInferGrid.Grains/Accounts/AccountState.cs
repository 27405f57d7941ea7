namespace BTTInferGrid.Grains.Accounts;

/// <summary>What is stored of an account.</summary>
[GenerateSerializer, Alias("grid.account-state")]
internal sealed class AccountState
{
    /// <summary>The random name of the account that miners are told; empty before the first key.</summary>
    [Id(0)]
    public string Tenant { get; set; } = "";

    /// <summary>Hashes of the account's keys, in the order they were created.</summary>
    [Id(1)]
    public List<string> KeyHashes { get; set; } = [];
}
