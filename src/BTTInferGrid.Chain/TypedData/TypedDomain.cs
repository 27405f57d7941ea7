using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>Where a signature is valid (EIP-712): for one contract on one chain, and nowhere else.</summary>
/// <param name="Name">The name that the contract gives its domain.</param>
/// <param name="Version">The version that the contract gives its domain.</param>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="VerifyingContract">The contract.</param>
public sealed record TypedDomain(string Name, string Version, ulong ChainId, Address VerifyingContract)
{
    /// <summary>The hash of the domain, which the contract compares.</summary>
    public Hash32 Separator()
    {
        return new TypedStruct("EIP712Domain")
            .AddText("name", Name).AddText("version", Version).AddUInt("chainId", ChainId)
            .AddAddress("verifyingContract", VerifyingContract)
            .Hash();
    }
}
