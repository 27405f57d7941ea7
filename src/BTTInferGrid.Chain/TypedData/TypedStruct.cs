using System.Numerics;
using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>
/// A struct with its values, to be signed as EIP-712 has it: members are added in the order of the contract's type. For
/// example <c>new TypedStruct("Mail").AddAddress("to", to).AddText("contents", "Hello")</c> is of type
/// <c>Mail(address to,string contents)</c>.
/// </summary>
/// <param name="name">The name of its type.</param>
public sealed class TypedStruct(string name)
{
    private readonly List<string> _members = [];
    private readonly List<byte[]> _words = [];
    private readonly SortedDictionary<string, string> _others = new(StringComparer.Ordinal);

    /// <summary>The type: what EIP-712 calls <c>encodeType</c>.</summary>
    public string Type => Definition + string.Concat(_others.Values);

    private string Name => name;

    private string Definition => $"{name}({string.Join(',', _members)})";

    /// <summary>Adds an <c>address</c>.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    public TypedStruct AddAddress(string member, Address value)
    {
        return Add($"address {member}", TypedWord.Of(value));
    }

    /// <summary>Adds a <c>bool</c>.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    public TypedStruct AddBool(string member, bool value)
    {
        return Add($"bool {member}", TypedWord.Of(value));
    }

    /// <summary>Adds a <c>uint256</c>, or a smaller unsigned number.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="bits">How many bits the member's type has: a multiple of 8, at most 256.</param>
    /// <exception cref="TypedDataException">The value is negative or has more bits.</exception>
    public TypedStruct AddUInt(string member, BigInteger value, int bits = 256)
    {
        if (bits is < 8 or > 256 || bits % 8 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bits), bits, "A type of numbers has 8 to 256 bits, a multiple of 8.");
        }

        return Add($"uint{bits} {member}", TypedWord.OfUnsigned(value, bits));
    }

    /// <summary>Adds a <c>bytes32</c>.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    public TypedStruct AddBytes32(string member, Hash32 value)
    {
        return Add($"bytes32 {member}", value.ToBytes());
    }

    /// <summary>Adds <c>bytes</c>.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    public TypedStruct AddBytes(string member, ReadOnlySpan<byte> value)
    {
        return Add($"bytes {member}", TypedWord.OfHash(value));
    }

    /// <summary>Adds a <c>string</c>.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="EncoderFallbackException">The text has half a character, which UTF-8 cannot write.</exception>
    public TypedStruct AddText(string member, string value)
    {
        return Add($"string {member}", TypedWord.OfHash(StrictUtf8.Encode(value)));
    }

    /// <summary>Adds another struct.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value, to which nothing more is added.</param>
    /// <exception cref="TypedDataException">Two types have one name.</exception>
    public TypedStruct AddStruct(string member, TypedStruct value)
    {
        foreach (var (type, definition) in value._others.Append(new(value.Name, value.Definition)))
        {
            if (type == name || (_others.TryGetValue(type, out var known) && known != definition))
            {
                throw new TypedDataException($"two types have the name {type}.");
            }

            _others[type] = definition;
        }

        return Add($"{value.Name} {member}", value.Hash().ToBytes());
    }

    /// <summary>What EIP-712 calls <c>hashStruct</c>.</summary>
    public Hash32 Hash()
    {
        return Hash32.Of([.. TypedWord.OfHash(StrictUtf8.Encode(Type)), .. _words.SelectMany(static word => word)]);
    }

    /// <summary>The hash that is signed for this struct.</summary>
    /// <param name="domain">Where the signature is valid.</param>
    public Hash32 SigningHash(TypedDomain domain)
    {
        return SigningHash(domain.Separator(), Hash());
    }

    internal static Hash32 SigningHash(Hash32 separator, Hash32 message)
    {
        return Hash32.Of([0x19, 0x01, .. separator.ToBytes(), .. message.ToBytes()]);
    }

    private TypedStruct Add(string member, byte[] word)
    {
        _members.Add(member);
        _words.Add(word);
        return this;
    }
}
