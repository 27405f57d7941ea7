using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>
/// Where a signature is valid (EIP-712). A member that is null is not part of the domain, and the signature does not
/// depend on it.
/// </summary>
/// <param name="Name">The name that the verifier gives its domain.</param>
/// <param name="Version">The version that the verifier gives its domain.</param>
/// <param name="ChainId">The EIP-155 id of the one chain.</param>
/// <param name="VerifyingContract">The one contract.</param>
public sealed record TypedDomain(
    string Name, string Version, ulong? ChainId = null, Address? VerifyingContract = null)
{
    /// <summary>The hash of the domain, which the verifier compares.</summary>
    public Hash32 Separator()
    {
        var domain = new TypedStruct("EIP712Domain").AddText("name", Name).AddText("version", Version);
        if (ChainId is { } chain)
        {
            domain.AddUInt("chainId", chain);
        }

        if (VerifyingContract is { } contract)
        {
            domain.AddAddress("verifyingContract", contract);
        }

        return domain.Hash();
    }
}
