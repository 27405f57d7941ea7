using BTTInferGrid.Accounts;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>What is stored of a key.</summary>
[GenerateSerializer, Alias("grid.api-key-state")]
internal sealed class ApiKeyState
{
    /// <summary>The record; null for a hash that no key has.</summary>
    [Id(0)]
    public ApiKeyRecord? Record { get; set; }
}
