using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Abi;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.Tests.Signing;
using BTTInferGrid.Chain.Tests.TypedData;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Chain.TypedData;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>The same random cases go to viem, and both must agree to the byte.</summary>
public sealed class ViemTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Transactions_OfBothKinds_AreSignedAlike()
    {
        const int Cases = 4000;
        var random = new TestRandom(output);
        var secrets = Enumerable.Range(0, Cases).Select(_ => random.Bytes(32)).ToArray();
        var transactions = secrets.Select(_ => RandomTransactions.Next(random)).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. secrets.Zip(transactions, Ask)]);

        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(secrets[i]);
            var signed = new TransactionSigner(key).Sign(transactions[i]);
            Assert.Equal((string?)answers[i]["bytes"], HexText.Format(signed.Bytes.Span));
            Assert.Equal((string?)answers[i]["hash"], signed.Hash.ToString());
            var theirs = HexText.Parse((string)answers[i]["bytes"]!, RlpDecoder.MaxBytes);
            Assert.Equal(key.Address, TransactionDecoder.Decode(theirs).Sender);
        }
    }

    [Fact]
    public async Task PersonalMessages_OfAnyBytes_AreSignedAlike()
    {
        const int Cases = 2500;
        var random = new TestRandom(output);
        var secrets = Enumerable.Range(0, Cases).Select(_ => random.Bytes(32)).ToArray();
        var messages = secrets.Select(_ => random.BytesUpTo(300)).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. secrets.Zip(messages, static (secret, message) => new JsonObject
        {
            ["operation"] = "message", ["key"] = HexText.Format(secret), ["message"] = HexText.Format(message),
        })]);

        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(secrets[i]);
            var hash = PersonalMessage.Hash(messages[i]);
            Assert.Equal((string?)answers[i]["address"], key.Address.ToString());
            Assert.Equal((string?)answers[i]["hash"], hash.ToString());
            Assert.Equal((string?)answers[i]["signature"], key.Sign(hash).ToString());
        }
    }

    [Fact]
    public async Task AbiValues_OfRandomTypes_AreEncodedAlikeAndReadBack()
    {
        const int Cases = 10_000;
        var samples = new RandomAbi(new Random(new TestRandom(output).Next(int.MaxValue)));
        var cases = Enumerable.Range(0, Cases).Select(_ => samples.Tuple()).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. cases.Select(static one => new JsonObject
        {
            ["operation"] = "abi", ["type"] = one.Codec.Type, ["value"] = one.Json,
        })]);

        foreach (var (one, answer) in cases.Zip(answers))
        {
            var codec = new OneOf<object>(one.Codec);
            var encoding = HexText.Format(codec.Encode([], one.Value));
            Assert.True((string?)answer["encoding"] == encoding, $"{one.Codec.Type} {one.Text}");
            Assert.Equal(encoding, (string?)answer["again"]);
            Assert.Equal(encoding, HexText.Format(codec.Encode([], codec.Decode(0, HexText.Parse(encoding, 1 << 20)))));
        }
    }

    [Fact]
    public async Task TypedData_OfRandomTypes_IsHashedAndSignedAlike()
    {
        const int Cases = 2500;
        var random = new TestRandom(output);
        var secrets = Enumerable.Range(0, Cases).Select(_ => random.Bytes(32)).ToArray();
        var documents = secrets.Select(_ => new RandomTypedData(random).Document()).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. secrets.Zip(documents, Ask)]);

        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(secrets[i]);
            var json = documents[i].ToJsonString();
            var hash = TypedDataDocument.Parse(json).SigningHash;
            Assert.True((string?)answers[i]["hash"] == hash.ToString(), json);
            Assert.Equal((string?)answers[i]["signature"], key.Sign(hash).ToString());
        }
    }

    [Fact]
    public async Task Addresses_OfAnyBytes_HaveTheSameChecksum()
    {
        var random = new TestRandom(output);
        var addresses = Enumerable.Range(0, 1000).Select(_ => random.Bytes(Address.Bytes)).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. addresses.Select(static address => new JsonObject
        {
            ["operation"] = "address", ["address"] = HexText.Format(address),
        })]);

        Assert.Equal(
            answers.Select(static answer => (string?)answer["address"]),
            addresses.Select(static one => new Address(one).ToString()));
    }

    [Fact]
    public async Task Rlp_OfRandomLists_IsEncodedAlike()
    {
        var random = new TestRandom(output);
        var items = Enumerable.Range(0, 1000).Select(_ => RandomItem(random, 4)).ToArray();

        var answers = await JavaScriptPeer.AskAsync([.. items.Select(static item => new JsonObject
        {
            ["operation"] = "rlp", ["item"] = ToJson(item),
        })]);

        for (var i = 0; i < items.Length; i++)
        {
            var encoding = RlpEncoder.Encode(items[i]);
            Assert.Equal((string?)answers[i]["encoding"], HexText.Format(encoding));
            Assert.Equal(answers[i]["item"]!.ToJsonString(), ToJson(RlpDecoder.Decode(encoding)).ToJsonString());
        }
    }

    private static JsonObject Ask(byte[] secret, UnsignedTransaction transaction)
    {
        return new JsonObject
        {
            ["operation"] = "transaction",
            ["key"] = HexText.Format(secret),
            ["chainId"] = transaction.ChainId.ToString(),
            ["nonce"] = transaction.Nonce.ToString(),
            ["to"] = transaction.To?.ToString(),
            ["value"] = transaction.Value.ToString(),
            ["data"] = HexText.Format(transaction.Data.Span),
            ["gas"] = transaction.GasLimit.ToString(),
            ["maxFee"] = transaction.Fees.MaxFee.ToString(),
            ["priorityFee"] = transaction.Fees.PriorityFee?.ToString(),
        };
    }

    private static JsonObject Ask(byte[] secret, JsonObject document)
    {
        return new JsonObject
        {
            ["operation"] = "typedData",
            ["key"] = HexText.Format(secret),
            ["document"] = document.DeepClone(),
        };
    }

    private static RlpItem RandomItem(TestRandom random, int depth)
    {
        return depth > 0 && random.Flip()
            ? new RlpItem([.. Enumerable.Range(0, random.Next(6)).Select(_ => RandomItem(random, depth - 1))])
            : new RlpItem(random.BytesUpTo(400));
    }

    private static JsonNode ToJson(RlpItem item)
    {
        return item.IsList
            ? new JsonArray([.. item.Items.Select(ToJson)])
            : JsonValue.Create(HexText.Format(item.Bytes.Span));
    }
}
