using System.Text.Json;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.Tests.Signing;
using BTTInferGrid.Chain.Tests.TypedData;
using BTTInferGrid.Chain.TypedData;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>Random cases go to cast, fewer than to viem, because each is a process: see <see cref="CastPeer.Cases"/>.</summary>
public sealed class CastTests(ITestOutputHelper output)
{
    private static readonly int Cases = CastPeer.Cases(200);

    [Fact]
    public async Task Transactions_ThatWeSign_HaveTheSignerAndHashThatCastReads()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(random.Bytes(32));
            var transaction = RandomTransactions.Next(random);

            // Its fees and its gas have fewer bits.
            var fees = new Chain.Transactions.TransactionFees(
                transaction.Fees.MaxFee >> 129, transaction.Fees.PriorityFee is { } priority ? priority >> 129 : null);
            var signed = new TransactionSigner(key).Sign(transaction with { Fees = fees });

            var read = await CastPeer.AskAsync("decode-transaction", HexText.Format(signed.Bytes.Span));

            using var json = JsonDocument.Parse(read);
            using var inner = JsonDocument.Parse(
                json.RootElement.ValueKind == JsonValueKind.String ? json.RootElement.GetString()! : read);
            Assert.Equal(key.Address, Address.Parse(inner.RootElement.GetProperty("signer").GetString()!));
            Assert.Equal(signed.Hash.ToString(), inner.RootElement.GetProperty("hash").GetString());
        }
    }

    [Fact]
    public async Task PersonalMessages_ThatWeSign_AreVerified()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(random.Bytes(32));

            // A text that starts as hex is taken for bytes, and one that starts with a dash for an option.
            var text = "T" + random.Text(50);
            var signature = key.Sign(PersonalMessage.Hash(text));

            Assert.Equal(PersonalMessage.Hash(text).ToString(), await CastPeer.AskAsync("hash-message", text));
            await CastPeer.AskAsync(
                "wallet", "verify", "--address", key.Address.ToString(), text, signature.ToString());
        }
    }

    [Fact]
    public async Task TypedData_ThatWeSign_IsVerified()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < Cases; i++)
        {
            using var key = new PrivateKey(random.Bytes(32));
            var document = new RandomTypedData(random).Document().ToJsonString();
            var signature = key.Sign(TypedDataDocument.Parse(document).SigningHash);

            await CastPeer.AskAsync(
                "wallet", "verify", "--data", "--address", key.Address.ToString(), document, signature.ToString());
        }
    }

    [Fact]
    public async Task BytesAndAddresses_AreHashedAndWrittenAlike()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < Cases; i++)
        {
            var bytes = random.BytesUpTo(500);
            var hex = HexText.Format(bytes);
            var address = new Address(random.Bytes(Address.Bytes));

            Assert.Equal(Hash32.Of(bytes).ToString(), await CastPeer.AskAsync("keccak", hex));
            Assert.Equal(
                HexText.Format(RlpEncoder.Encode(new RlpItem(bytes))), await CastPeer.AskAsync("to-rlp", $"\"{hex}\""));
            Assert.Equal(
                address.ToString(),
                await CastPeer.AskAsync("to-check-sum-address", address.ToString().ToLowerInvariant()));
        }
    }
}
