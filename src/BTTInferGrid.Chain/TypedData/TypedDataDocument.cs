using System.Globalization;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>
/// Typed data in the JSON that <c>eth_signTypedData_v4</c> takes (EIP-712), read strictly: every member that the types
/// declare is there, and no other, so that nothing is shown to a person that is not signed.
/// </summary>
public sealed class TypedDataDocument
{
    private const int MaxCharacters = 1024 * 1024;
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private static readonly TypedMember[] DomainMembers =
    [
        new("name", "string"), new("version", "string"), new("chainId", "uint256"), new("verifyingContract", "address"),
        new("salt", "bytes32"),
    ];

    private readonly TypedDataTypes _types;

    private TypedDataDocument(JsonElement root)
    {
        var parts = TypedJson.Members(root, "the document")
            .ToDictionary(static part => part.Name, static part => part.Value);
        if (parts.Count != 4)
        {
            throw new TypedDataException("it is an object of types, primaryType, domain and message.");
        }

        _types = new TypedDataTypes(Get(parts, "types"));
        if (_types[TypedDataTypes.Domain] is var domain
            && !domain.SequenceEqual(DomainMembers.Where(domain.Contains)))
        {
            throw new TypedDataException(
                $"{TypedDataTypes.Domain} has other members than EIP-712 gives it, or in another order.");
        }

        PrimaryType = TypedJson.Text(Get(parts, "primaryType"), "primaryType");
        Separator = HashStruct(TypedDataTypes.Domain, Get(parts, "domain"), "domain");
        SigningHash = TypedStruct.SigningHash(Separator, HashStruct(PrimaryType, Get(parts, "message"), "message"));
    }

    /// <summary>The type of the message.</summary>
    public string PrimaryType { get; }

    /// <summary>The hash of the domain.</summary>
    public Hash32 Separator { get; }

    /// <summary>The hash that is signed.</summary>
    public Hash32 SigningHash { get; }

    /// <summary>Reads typed data.</summary>
    /// <param name="json">An object of <c>types</c>, <c>primaryType</c>, <c>domain</c> and <c>message</c>.</param>
    /// <exception cref="TypedDataException">It is no such object, or its values are not of their types.</exception>
    public static TypedDataDocument Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxCharacters)
        {
            throw new TypedDataException($"{json.Length} characters are more than {MaxCharacters}.");
        }

        try
        {
            using var document = JsonDocument.Parse(StrictUtf8.Encode(json), Options);
            return new TypedDataDocument(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new TypedDataException($"it is no JSON, or more than {MaxDepth} deep: {error.Message}", error);
        }
        catch (Exception error) when (error is EncoderFallbackException or InvalidOperationException)
        {
            // Of the second kind is what the JSON reader throws where an escape sequence is half a character.
            throw new TypedDataException("a text has half a character.", error);
        }
    }

    private static JsonElement Get(Dictionary<string, JsonElement> parts, string name)
    {
        return parts.TryGetValue(name, out var value) ? value : throw new TypedDataException($"{name} is missing.");
    }

    private Hash32 HashStruct(string type, JsonElement value, string subject)
    {
        var members = _types[type];
        var values = TypedJson.Members(value, subject)
            .ToDictionary(static part => part.Name, static part => part.Value);
        if (values.Count > members.Count)
        {
            throw new TypedDataException($"{subject} has members that {type} does not declare.");
        }

        // One value for each member, and no more values than members: so there is no other.
        var words = members.SelectMany(
            member => Encode(member.Type, Get(values, member.Name), $"{subject}.{member.Name}"));
        return Hash32.Of([.. _types.Hash(type), .. words]);
    }

    private byte[] Encode(string type, JsonElement value, string subject)
    {
        if (!type.EndsWith(']'))
        {
            return _types.IsStruct(type)
                ? HashStruct(type, value, subject).ToBytes()
                : TypedAtom.Encode(type, value, subject);
        }

        var bracket = type.LastIndexOf('[');
        var items = TypedJson.Items(value, subject).ToArray();
        var size = type[(bracket + 1)..^1];
        if (size.Length > 0 && int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture) != items.Length)
        {
            throw new TypedDataException($"{subject} has {items.Length} items where {type} has {size}.");
        }

        return TypedWord.OfHash([.. items.SelectMany(item => Encode(type[..bracket], item, $"{subject}[]"))]);
    }
}
