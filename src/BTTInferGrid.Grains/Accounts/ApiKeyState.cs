using BTTInferGrid.Accounts;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>What is stored of a key.</summary>
internal sealed class ApiKeyState
{
    /// <summary>The record; null for a hash that no key has.</summary>
    public ApiKeyRecord? Record { get; set; }
}
