using System.Numerics;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Keys;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.Transactions;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Signing;

public sealed class TransactionSignerTests(ITestOutputHelper output) : IDisposable
{
    // The example of EIP-155.
    private static readonly UnsignedTransaction Example = new(
        1, 9, Address.Parse("0x3535353535353535353535353535353535353535"), BigInteger.Pow(10, 18), default, 21_000,
        new TransactionFees(20_000_000_000, null));

    private const string SignedExample =
        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
        + "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
        + "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

    private readonly PrivateKey _key = new(Enumerable.Repeat((byte)0x46, 32).ToArray());

    public void Dispose()
    {
        _key.Dispose();
    }

    [Fact]
    public void Sign_OfExampleOfEip155_GivesItsBytes()
    {
        Assert.Equal(
            "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53",
            TransactionEncoder.SigningHash(Example).ToString());
        Assert.Equal(SignedExample, HexText.Format(new TransactionSigner(_key).Sign(Example).Bytes.Span));
    }

    [Fact]
    public void Decode_OfWhatWasSigned_IsTheTransactionAndItsSender()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 300; i++)
        {
            var transaction = RandomTransactions.Next(random);
            var signed = new TransactionSigner(_key).Sign(transaction);

            var decoded = TransactionDecoder.Decode(signed.Bytes);

            Assert.Equal(_key.Address, decoded.Sender);
            Assert.Equal(signed.Hash, decoded.Hash);
            Assert.Equal(transaction.Data.ToArray(), decoded.Transaction.Data.ToArray());
            Assert.Equal(transaction with { Data = default }, decoded.Transaction with { Data = default });
        }
    }

    [Fact]
    public void Decode_OfOneByteChanged_ThrowsOrHasAnotherSender()
    {
        var random = new TestRandom(output);
        var signed = new TransactionSigner(_key).Sign(RandomTransactions.Next(random)).Bytes.ToArray();
        for (var i = 0; i < signed.Length; i++)
        {
            var changed = signed.ToArray();
            changed[i] ^= (byte)(1 + random.Next(255));

            var error = Record.Exception(
                () => Assert.NotEqual(_key.Address, TransactionDecoder.Decode(changed).Sender));

            Assert.True(error is null or TransactionFormatException, $"byte {i}: {error}");
        }
    }

    [Fact]
    public void Decode_OfBytesMissingOrLeftOver_Throws()
    {
        var signed = new TransactionSigner(_key).Sign(Example).Bytes.ToArray();
        for (var length = 0; length < signed.Length; length++)
        {
            Assert.Throws<TransactionFormatException>(() => TransactionDecoder.Decode(signed.AsMemory(0, length)));
        }

        Assert.Throws<TransactionFormatException>(() => TransactionDecoder.Decode((byte[])[.. signed, 0]));
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x03)]
    [InlineData(0x04)]
    [InlineData(0x7f)]
    public void Decode_OfOtherType_Throws(byte type)
    {
        var transaction = Example with { Fees = new TransactionFees(2, 1) };
        var signed = new TransactionSigner(_key).Sign(transaction).Bytes.ToArray();
        signed[0] = type;

        Assert.Throws<TransactionFormatException>(() => TransactionDecoder.Decode(signed));
    }

    [Fact]
    public void Decode_OfNoChainId_Throws()
    {
        // Before EIP-155, v was 27 or 28 and the transaction could be sent on any chain.
        AssertRefused(Change(Example, 6, RlpItem.Of(27)));
        AssertRefused(Change(Example, 6, RlpItem.Of(28)));
        AssertRefused(Change(Example, 6, RlpItem.Of(35)));
    }

    [Fact]
    public void Decode_OfAccessList_Throws()
    {
        var entry = new RlpItem([new RlpItem(new byte[20]), new RlpItem([])]);

        AssertRefused(Change(Example with { Fees = new TransactionFees(2, 1) }, 8, new RlpItem([entry])));
    }

    [Fact]
    public void Decode_OfUpperS_Throws()
    {
        var order = new BigInteger(Convert.FromHexString(PrivateKeyTests.Order), isUnsigned: true, isBigEndian: true);
        var fields = RlpDecoder.Decode(HexText.Parse(SignedExample, 200)!).Items.ToArray();
        fields[6] = RlpItem.Of(fields[6].ReadNumber(256) ^ 3);
        fields[8] = RlpItem.Of(order - fields[8].ReadNumber(256));

        AssertRefused(RlpEncoder.Encode(new RlpItem(fields)));
    }

    [Fact]
    public void Decode_OfPriorityFeeAboveTheGreatest_Throws()
    {
        AssertRefused(Change(Example with { Fees = new TransactionFees(2, 1) }, 2, RlpItem.Of(3)));
    }

    [Fact]
    public void Sign_OfValuesOutOfRange_Throws()
    {
        var signer = new TransactionSigner(_key);
        foreach (var transaction in (UnsignedTransaction[])
        [
            Example with { ChainId = 0 },
            Example with { Value = -1 },
            Example with { Value = Wei.Max + 1 },
            Example with { Fees = new TransactionFees(Wei.Max + 1, null) },
            Example with { Fees = new TransactionFees(-1, null) },
            Example with { Fees = new TransactionFees(1, -1) },
            Example with { Fees = new TransactionFees(1, 2) },
        ])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => signer.Sign(transaction));
        }
    }

    private byte[] Change(UnsignedTransaction transaction, int index, RlpItem field)
    {
        var bytes = new TransactionSigner(_key).Sign(transaction).Bytes;
        byte[] type = transaction.Fees.PriorityFee is null ? [] : [TransactionEncoder.FeeMarketType];
        var fields = RlpDecoder.Decode(bytes[type.Length..]).Items.ToArray();
        fields[index] = field;
        return [.. type, .. RlpEncoder.Encode(new RlpItem(fields))];
    }

    private static void AssertRefused(byte[] bytes)
    {
        Assert.Throws<TransactionFormatException>(() => TransactionDecoder.Decode(bytes));
    }
}
