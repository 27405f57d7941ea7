using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;

namespace BTTInferGrid.Chain.Tests.TypedData;

/// <summary>Typed data of random structs, which use those after them, with values of all kinds.</summary>
internal sealed class RandomTypedData(TestRandom random)
{
    private static readonly (string Name, string Type)[] DomainMembers =
    [
        ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
        ("salt", "bytes32"),
    ];

    private readonly Dictionary<string, (string Name, string Type)[]> _structs = [];

    public JsonObject Document()
    {
        var count = 1 + random.Next(4);
        for (var i = count - 1; i >= 0; i--)
        {
            var members = Enumerable.Range(0, 1 + random.Next(6)).Select(n => ($"m{n}", Type(i + 1, count)));
            _structs[Name(i)] = [.. members];
        }

        _structs["EIP712Domain"] = [.. DomainMembers.Where(_ => random.Flip())];
        return new JsonObject
        {
            ["types"] = Object(_structs.Select(static one => (one.Key, (JsonNode)Declare(one.Value)))),
            ["primaryType"] = Name(0),
            ["domain"] = Value("EIP712Domain"),
            ["message"] = Value(Name(0)),
        };
    }

    private static JsonArray Declare((string Name, string Type)[] members)
    {
        return
        [
            .. members.Select(static member => new JsonObject { ["name"] = member.Name, ["type"] = member.Type }),
        ];
    }

    private static JsonObject Object(IEnumerable<(string Name, JsonNode Value)> members)
    {
        return new JsonObject(members.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)one.Value)));
    }

    // Not in the order of their use, because types are sorted by name.
    private static string Name(int index)
    {
        return $"{"QAZW"[index]}{index}";
    }

    private string Type(int firstStruct, int structs)
    {
        var atom = random.Next(8) switch
        {
            0 => "address",
            1 => "bool",
            2 => "string",
            3 => "bytes",
            4 => $"uint{8 * (1 + random.Next(32))}",
            5 => $"int{8 * (1 + random.Next(32))}",
            6 => $"bytes{1 + random.Next(32)}",
            _ => firstStruct < structs ? Name(firstStruct + random.Next(structs - firstStruct)) : "bytes32",
        };
        return random.Next(6) switch
        {
            0 => $"{atom}[]",
            1 => $"{atom}[{1 + random.Next(3)}]",
            2 => $"{atom}[][2]",
            _ => atom,
        };
    }

    private JsonNode Value(string type)
    {
        if (type.EndsWith(']'))
        {
            var bracket = type.LastIndexOf('[');
            var size = type[(bracket + 1)..^1];
            var count = size.Length > 0 ? int.Parse(size) : random.Next(4);
            return new JsonArray([.. Enumerable.Range(0, count).Select(_ => Value(type[..bracket]))]);
        }

        if (_structs.TryGetValue(type, out var members))
        {
            return Object(members.Select(member => (member.Name, Value(member.Type))));
        }

        return type switch
        {
            "address" => new Address(random.Bytes(20)).ToString(),
            "bool" => random.Flip(),
            "string" => random.Text(20),
            "bytes" => HexText.Format(random.BytesUpTo(80)),
            _ when type.StartsWith('b') => HexText.Format(random.Bytes(int.Parse(type[5..]))),
            _ when type.StartsWith('u') => random.Number(int.Parse(type[4..])).ToString(),
            _ => SignedNumber(int.Parse(type[3..])),
        };
    }

    // From the least number to the greatest.
    private string SignedNumber(int bits)
    {
        var number = random.Number(bits - 1);
        return (random.Flip() ? number : -number - BigInteger.One).ToString();
    }
}
