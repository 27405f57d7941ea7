using System.Text.Json.Nodes;
using BTTInferGrid.Chain.TypedData;

namespace BTTInferGrid.Chain.Tests.TypedData;

public sealed class TypedDataDocumentTests
{
    private const string Example =
        """
        {
          "types": {
            "EIP712Domain": [
              { "name": "name", "type": "string" }, { "name": "version", "type": "string" },
              { "name": "chainId", "type": "uint256" }, { "name": "verifyingContract", "type": "address" }
            ],
            "Person": [{ "name": "name", "type": "string" }, { "name": "wallet", "type": "address" }],
            "Mail": [
              { "name": "from", "type": "Person" }, { "name": "to", "type": "Person" },
              { "name": "contents", "type": "string" }
            ]
          },
          "primaryType": "Mail",
          "domain": {
            "name": "Ether Mail", "version": "1", "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"
          },
          "message": {
            "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
            "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            "contents": "Hello, Bob!"
          }
        }
        """;

    [Fact]
    public void Parse_OfExampleOfEip712_HasItsHashes()
    {
        var document = TypedDataDocument.Parse(Example);

        Assert.Equal("Mail", document.PrimaryType);
        Assert.Equal(
            "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", document.Separator.ToString());
        Assert.Equal(
            "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", document.SigningHash.ToString());
    }

    [Theory]
    [InlineData("uint8", "255", true)]
    [InlineData("uint8", "\"0xff\"", true)]
    [InlineData("uint8", "\"0x0ff\"", true)]
    [InlineData("uint8", "\"255\"", true)]
    [InlineData("uint8", "256", false)]
    [InlineData("uint8", "-1", false)]
    [InlineData("uint8", "1.0", false)]
    [InlineData("uint8", "1e1", false)]
    [InlineData("uint8", "\"\"", false)]
    [InlineData("uint8", "\"0x\"", false)]
    [InlineData("uint8", "\"01\"", false)]
    [InlineData("uint8", "\" 1\"", false)]
    [InlineData("uint8", "true", false)]
    [InlineData("uint8", "null", false)]
    [InlineData("int8", "-128", true)]
    [InlineData("int8", "127", true)]
    [InlineData("int8", "-129", false)]
    [InlineData("int8", "128", false)]
    [InlineData("int8", "\"-0x1\"", false)]
    [InlineData("bool", "true", true)]
    [InlineData("bool", "1", false)]
    [InlineData("bool", "\"true\"", false)]
    [InlineData("address", "\"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\"", true)]
    [InlineData("address", "\"0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\"", false)]
    [InlineData("address", "\"0x00\"", false)]
    [InlineData("bytes2", "\"0x0000\"", true)]
    [InlineData("bytes2", "\"0x00\"", false)]
    [InlineData("bytes2", "\"0x000000\"", false)]
    [InlineData("bytes", "\"0x\"", true)]
    [InlineData("bytes", "\"00\"", false)]
    [InlineData("string", "\"\"", true)]
    [InlineData("string", "0", false)]
    [InlineData("bool[]", "[]", true)]
    [InlineData("bool[]", "[true, 1]", false)]
    [InlineData("bool[]", "true", false)]
    [InlineData("bool[2]", "[true, false]", true)]
    [InlineData("bool[2]", "[true]", false)]
    [InlineData("bool[2][1]", "[[true, false]]", true)]
    [InlineData("bool[2][1]", "[[true], [false]]", false)]
    [InlineData("bool[0]", "[]", false)]
    [InlineData("bool[01]", "[true]", false)]
    [InlineData("bool[", "[]", false)]
    [InlineData("uint", "1", false)]
    [InlineData("uint7", "1", false)]
    [InlineData("uint08", "1", false)]
    [InlineData("uint264", "1", false)]
    [InlineData("bytes0", "\"0x\"", false)]
    [InlineData("bytes33", "\"0x\"", false)]
    [InlineData("Unknown", "{}", false)]
    public void Parse_OfValue_TakesWhatIsOfItsType(string type, string value, bool isRight)
    {
        var document = Changed(root =>
        {
            root["types"]!["Mail"]![2]!["type"] = type;
            root["message"]!["contents"] = JsonNode.Parse(value);
        });

        Assert.Equal(isRight, Record.Exception(() => TypedDataDocument.Parse(document)) is null);
        if (!isRight)
        {
            Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(document));
        }
    }

    public static TheoryData<string, Action<JsonNode>> Broken => new()
    {
        { "a part is missing", static root => root.AsObject().Remove("domain") },
        { "a part is more", static root => root["more"] = 1 },
        { "a member of the message is missing", static root => root["message"]!.AsObject().Remove("contents") },
        { "a member of the message is not signed", static root => root["message"]!["more"] = "free of charge" },
        { "a member inside is not signed", static root => root["message"]!["to"]!["more"] = "free of charge" },
        { "a member of the domain is not signed", static root => root["domain"]!["salt"] = "0x" + new string('0', 64) },
        { "no domain is declared", static root => root["types"]!.AsObject().Remove("EIP712Domain") },
        { "the domain is in another order", static root => Swap(root["types"]!["EIP712Domain"]!) },
        { "the domain has a type of its own", static root => root["types"]!["EIP712Domain"]![2]!["type"] = "uint64" },
        { "no primary type is declared", static root => root["primaryType"] = "Male" },
        { "the primary type is an atom", static root => root["primaryType"] = "bool" },
        { "a name is no identifier", static root => root["types"]!["Mail"]![2]!["name"] = "contents,bool b" },
        { "a name is empty", static root => root["types"]!["Mail"]![2]!["name"] = "" },
        { "a name is too long", static root => root["types"]!["Mail"]![2]!["name"] = new string('a', 257) },
        { "two members have one name", static root => root["types"]!["Mail"]![0]!["name"] = "to" },
        { "a struct is named as an atom", static root => root["types"]!["uint256"] = new JsonArray() },
        { "a struct is named as if an atom", static root => root["types"]!["bytes33"] = new JsonArray() },
        { "a declaration has more", static root => root["types"]!["Mail"]![2]!["more"] = "x" },
        { "a declaration has no type", static root => root["types"]!["Mail"]![2]!.AsObject().Remove("type") },
        { "types are no object", static root => root["types"] = new JsonArray() },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Parse_OfBrokenDocument_Throws(string problem, Action<JsonNode> change)
    {
        var document = Changed(change);

        Assert.True(Record.Exception(() => TypedDataDocument.Parse(document)) is TypedDataException, problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    public void Parse_OfNoDocument_Throws(string json)
    {
        Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(json));
    }

    [Fact]
    public void Parse_OfOneNameTwice_Throws()
    {
        var twice = Example.Replace(
            "\"contents\": \"Hello, Bob!\"", "\"contents\": \"Hello, Eve!\", \"contents\": \"Hello, Bob!\"");

        Assert.NotEqual(Example, twice);
        Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(twice));
    }

    [Fact]
    public void Parse_OfHalfACharacter_Throws()
    {
        foreach (var half in (string[])["\ud83d", "\\ud83d"])
        {
            Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(Example.Replace("Hello, Bob!", half)));
            Assert.Throws<TypedDataException>(
                () => TypedDataDocument.Parse(Example.Replace("\"contents\":", $"\"{half}\":")));
        }
    }

    [Fact]
    public void Parse_OfMoreThanTheBounds_Throws()
    {
        var deep = Example.Replace("\"Hello, Bob!\"", new string('[', 40) + new string(']', 40));
        var large = Example.Replace("Hello, Bob!", new string('x', 1024 * 1024));

        Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(deep));
        Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(large));
    }

    private static string Changed(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(Example)!;
        change(root);
        return root.ToJsonString();
    }

    private static void Swap(JsonNode members)
    {
        var first = members[0]!.DeepClone();
        members[0] = members[1]!.DeepClone();
        members[1] = first;
    }
}
