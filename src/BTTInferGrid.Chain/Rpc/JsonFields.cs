using System.Numerics;
using System.Text.Json;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>Reads the values of an object that a node returned, strictly.</summary>
/// <param name="element">The object.</param>
/// <param name="subject">The method that returned it, for the error.</param>
internal readonly struct JsonFields(JsonElement element, string subject)
{
    public ulong UInt64(string name)
    {
        return Quantity.ReadUInt64(Get(name), Subject(name));
    }

    public BigInteger Big(string name)
    {
        return Quantity.ReadBig(Get(name), Subject(name));
    }

    public Hash32 Hash(string name)
    {
        return ReadHash(Get(name), Subject(name));
    }

    public Address Address(string name)
    {
        return ReadAddress(Get(name), Subject(name));
    }

    public byte[] Bytes(string name)
    {
        return ReadBytes(Get(name), Subject(name));
    }

    public bool IsTrue(string name)
    {
        return TryGet(name, out var value) && value.ValueKind == JsonValueKind.True;
    }

    public JsonElement.ArrayEnumerator Array(string name)
    {
        var value = Get(name);
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new RpcMalformedException(Subject(name), "an array is missing.");
    }

    /// <summary>Whether there is a value that is not null.</summary>
    public bool Has(string name)
    {
        return TryGet(name, out var value) && value.ValueKind != JsonValueKind.Null;
    }

    public static Hash32 ReadHash(JsonElement element, string subject)
    {
        return element.ValueKind == JsonValueKind.String
            && HexText.Parse(element.GetString()!, Hash32.Bytes) is { Length: Hash32.Bytes } bytes
            ? new Hash32(bytes)
            : throw new RpcMalformedException(subject, "a hash is not 0x and 64 hex digits.");
    }

    public static Address ReadAddress(JsonElement element, string subject)
    {
        return element.ValueKind == JsonValueKind.String
            && HexText.Parse(element.GetString()!, Primitives.Address.Bytes) is { Length: Primitives.Address.Bytes } bytes
            ? new Primitives.Address(bytes)
            : throw new RpcMalformedException(subject, "an address is not 0x and 40 hex digits.");
    }

    public static byte[] ReadBytes(JsonElement element, string subject)
    {
        // The size of the whole answer is bounded.
        return element.ValueKind == JsonValueKind.String
            && HexText.Parse(element.GetString()!, int.MaxValue) is { } bytes
            ? bytes
            : throw new RpcMalformedException(subject, "bytes are not 0x and pairs of hex digits.");
    }

    private JsonElement Get(string name)
    {
        return TryGet(name, out var value) ? value : throw new RpcMalformedException(Subject(name), "it is missing.");
    }

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }

    private string Subject(string name)
    {
        return $"'{name}' in the answer to {subject}";
    }
}
