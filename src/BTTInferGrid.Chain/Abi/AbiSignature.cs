using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Abi;

/// <summary>What stands for a function, an error or an event where its signature would be too long.</summary>
internal static class AbiSignature
{
    /// <summary>The first four bytes of the hash, which a function's call and an error begin with.</summary>
    public static byte[] Selector(string signature) => Hash(signature)[..4];

    /// <summary>The whole hash, the first topic of an event.</summary>
    public static Hash32 Topic(string signature) => new(Hash(signature));

    private static byte[] Hash(string signature)
    {
        var hash = new byte[32];
        Keccak.Hash(Encoding.ASCII.GetBytes(signature), hash);
        return hash;
    }
}
