namespace BTTInferGrid.Accounts;

/// <summary>What a key may be used for. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.api-key-scopes"), Flags]
public enum ApiKeyScopes
{
    /// <summary>Nothing; no key has this.</summary>
    None = 0,

    /// <summary>Asking models, and reading which there are.</summary>
    Inference = 1,

    /// <summary>Listing, creating and revoking the keys of the account.</summary>
    Admin = 2,
}
