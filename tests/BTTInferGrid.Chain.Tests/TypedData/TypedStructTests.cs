using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.TypedData;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.TypedData;

public sealed class TypedStructTests(ITestOutputHelper output)
{
    private const string VoucherDocument =
        """
        {
          "types": {
            "EIP712Domain": [
              { "name": "name", "type": "string" }, { "name": "version", "type": "string" },
              { "name": "chainId", "type": "uint256" }, { "name": "verifyingContract", "type": "address" }
            ],
            "Voucher": [
              { "name": "payer", "type": "address" }, { "name": "paid", "type": "bool" },
              { "name": "step", "type": "uint64" }, { "name": "amount", "type": "uint256" },
              { "name": "receipts", "type": "bytes32" }, { "name": "data", "type": "bytes" },
              { "name": "note", "type": "string" }
            ]
          },
          "primaryType": "Voucher",
          "domain": {
            "name": "Grid", "version": "1", "chainId": 199,
            "verifyingContract": "0x0000000000000000000000000000000000000000"
          },
          "message": {}
        }
        """;

    private static readonly TypedDomain Domain =
        new("Ether Mail", "1", 1, Address.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"));

    // The example of EIP-712: its hashes, and its signature by the key that is the hash of "cow".
    [Fact]
    public void SigningHash_OfExampleOfEip712_IsItsHash()
    {
        var mail = Mail("Hello, Bob!");

        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", mail.Type);
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", mail.Hash().ToString());
        Assert.Equal(
            "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", Domain.Separator().ToString());
        Assert.Equal(
            "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", mail.SigningHash(Domain).ToString());
        using var key = new PrivateKey(Hash32.Of("cow"u8).ToBytes());
        Assert.Equal(
            "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
            + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
            key.Sign(mail.SigningHash(Domain)).ToString());
    }

    [Fact]
    public void SigningHash_OfRandomValues_IsThatOfTheSameDocument()
    {
        // Documents are compared with other programs.
        var random = new TestRandom(output);
        for (var i = 0; i < 500; i++)
        {
            var (payer, paid, step, amount) =
                (new Address(random.Bytes(20)), random.Flip(), random.Number(64), random.Number(256));
            var (receipts, data, note) = (new Hash32(random.Bytes(32)), random.BytesUpTo(100), random.Text(20));
            var made = new TypedStruct("Voucher").AddAddress("payer", payer).AddBool("paid", paid)
                .AddUInt("step", step, 64).AddUInt("amount", amount).AddBytes32("receipts", receipts)
                .AddBytes("data", data).AddText("note", note);
            var document = JsonNode.Parse(VoucherDocument)!;
            document["message"] = new JsonObject
            {
                ["payer"] = payer.ToString(),
                ["paid"] = paid,
                ["step"] = step.ToString(),
                ["amount"] = amount.ToString(),
                ["receipts"] = receipts.ToString(),
                ["data"] = HexText.Format(data),
                ["note"] = note,
            };

            Assert.Equal(
                TypedDataDocument.Parse(document.ToJsonString()).SigningHash,
                made.SigningHash(new TypedDomain("Grid", "1", 199, Address.Zero)));
        }
    }

    [Fact]
    public void SigningHash_OfAnyOtherPart_IsAnother()
    {
        var mail = Mail("Hello, Bob!");
        Hash32[] hashes =
        [
            mail.SigningHash(Domain),
            mail.SigningHash(Domain with { Name = "Other" }),
            mail.SigningHash(Domain with { Version = "2" }),
            mail.SigningHash(Domain with { ChainId = 2 }),
            mail.SigningHash(Domain with { VerifyingContract = Address.Zero }),
            Mail("Hello, Eve!").SigningHash(Domain),
            Mail("Hello, Bob!").AddBool("again", false).SigningHash(Domain),
            Mail("Hello, Bob!").AddBool("again", true).SigningHash(Domain),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(8, "256")]
    [InlineData(8, "-1")]
    [InlineData(256, "115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    public void AddUInt_OfNumberOutOfRange_Throws(int bits, string value)
    {
        Assert.Throws<TypedDataException>(() => new TypedStruct("T").AddUInt("a", BigInteger.Parse(value), bits));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(264)]
    public void AddUInt_OfOtherSize_Throws(int bits)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TypedStruct("T").AddUInt("a", 0, bits));
    }

    [Fact]
    public void AddStruct_OfTwoTypesWithOneName_Throws()
    {
        var first = new TypedStruct("T").AddBool("a", true);
        var second = new TypedStruct("T").AddBool("b", true);

        Assert.Throws<TypedDataException>(() => new TypedStruct("Both").AddStruct("x", first).AddStruct("y", second));
        Assert.Throws<TypedDataException>(() => new TypedStruct("T").AddStruct("x", first));
    }

    private static TypedStruct Mail(string contents)
    {
        return new TypedStruct("Mail")
            .AddStruct("from", Person("Cow", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))
            .AddStruct("to", Person("Bob", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))
            .AddText("contents", contents);
    }

    private static TypedStruct Person(string name, string wallet)
    {
        return new TypedStruct("Person").AddText("name", name).AddAddress("wallet", Address.Parse(wallet));
    }
}
