using System.Buffers.Binary;
using BTTInferGrid.Chain.Abi;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>Reads what a refused call returned.</summary>
public static partial class ContractErrors
{
    private const int SelectorBytes = 4;
    private const int MostText = 256;
    private const int MostUnknown = 64;

    private static readonly Dictionary<uint, Func<ReadOnlyMemory<byte>, ContractError>> Known = AllKnown();

    /// <summary>Reads it. Bytes that no error of ours explains are told as they are, since a contract may call any other.</summary>
    /// <param name="data">What was returned.</param>
    public static ContractError Decode(ReadOnlyMemory<byte> data)
    {
        try
        {
            if (data.Length >= SelectorBytes && Known.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(data.Span), out var decode))
            {
                return decode(data);
            }
        }
        catch (AbiException)
        {
            // The selector is one of ours and the rest is not: unknown, too.
        }

        return new UnknownError(Convert.ToHexStringLower(data.Span[..Math.Min(data.Length, MostUnknown)]));
    }

    /// <summary>Adds the errors of the grid's contracts.</summary>
    static partial void AddGenerated(Dictionary<uint, Func<ReadOnlyMemory<byte>, ContractError>> known);

    private static Dictionary<uint, Func<ReadOnlyMemory<byte>, ContractError>> AllKnown()
    {
        var known = new Dictionary<uint, Func<ReadOnlyMemory<byte>, ContractError>>
        {
            [Selector("Error(string)")] = static data =>
            {
                var text = new OneOf<string>(AbiTypes.String).Decode(SelectorBytes, data);
                return new RevertMessage(text.Length <= MostText ? text : text[..MostText] + "…");
            },
            [Selector("Panic(uint256)")] = static data =>
                new RevertPanic(new OneOf<System.Numerics.BigInteger>(AbiTypes.UInt256).Decode(SelectorBytes, data)),
        };
        AddGenerated(known);
        return known;
    }

    private static uint Selector(string signature) =>
        BinaryPrimitives.ReadUInt32BigEndian(AbiSignature.Selector(signature));
}
