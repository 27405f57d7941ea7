using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Abi;

/// <summary>Values of the contract ABI, written and read.</summary>
public sealed class AbiCodecTests
{
    private const int Seed = 20261126;

    [Fact]
    public void Selector_OfTheSpecificationsExample_IsThat()
    {
        Assert.Equal("cdcd77c0", Convert.ToHexStringLower(AbiSignature.Selector("baz(uint32,bool)")));
        Assert.Equal(
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            AbiSignature.Topic("Transfer(address,address,uint256)").ToString());
    }

    /// <summary>The example f(uint256,uint32[],bytes10,bytes) of the ABI specification.</summary>
    [Fact]
    public void Encode_TheSpecificationsExample_IsThat()
    {
        var writer = new AbiWriter();
        writer.Prefix(AbiSignature.Selector("f(uint256,uint32[],bytes10,bytes)"));
        var outer = writer.Begin(4 * AbiWriter.WordBytes);
        writer.Add(AbiTypes.UInt256, 0x123);
        writer.Add(AbiTypes.ArrayOf(AbiTypes.UIntOf32(32)), [0x456u, 0x789u]);
        writer.Add(AbiTypes.FixedBytes(10), "1234567890"u8.ToArray());
        writer.Add(AbiTypes.Bytes, "Hello, world!"u8.ToArray());
        writer.End(outer);

        Assert.Equal(
            "8be65246"
            + "0000000000000000000000000000000000000000000000000000000000000123"
            + "0000000000000000000000000000000000000000000000000000000000000080"
            + "3132333435363738393000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000e0"
            + "0000000000000000000000000000000000000000000000000000000000000002"
            + "0000000000000000000000000000000000000000000000000000000000000456"
            + "0000000000000000000000000000000000000000000000000000000000000789"
            + "000000000000000000000000000000000000000000000000000000000000000d"
            + "48656c6c6f2c20776f726c642100000000000000000000000000000000000000",
            Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void Decode_AnythingEncoded_EncodesToTheSame()
    {
        var samples = new RandomAbi(new Random(Seed));
        for (var i = 0; i < 2000; i++)
        {
            var sample = samples.Tuple();
            var codec = (AbiTupleCodec<object>)sample.Codec;
            var bytes = codec.Encode([], sample.Value);

            Assert.True(bytes.AsSpan().SequenceEqual(codec.Encode([], codec.Decode(0, bytes))), $"{codec.Type}, seed {Seed}, {i}");
        }
    }

    /// <summary>Whatever is changed, what decodes is just what the bytes say: nothing is ignored and nothing else is thrown.</summary>
    [Fact]
    public void Decode_BytesThatWereChanged_IsRefusedOrSaysWhatTheySay()
    {
        var random = new Random(Seed + 1);
        var samples = new RandomAbi(random);
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var sample = samples.Tuple();
            var codec = (AbiTupleCodec<object>)sample.Codec;
            var bytes = Change(random, codec.Encode([], sample.Value));
            try
            {
                Assert.True(bytes.AsSpan().SequenceEqual(codec.Encode([], codec.Decode(0, bytes))), $"{codec.Type}, seed {Seed + 1}, {i}");
            }
            catch (AbiException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 4999);
    }

    [Fact]
    public void Decode_CountOfBillions_IsRefusedBeforeRoomIsMade()
    {
        var bytes = new byte[96];
        bytes[31] = 32;
        bytes.AsSpan(60, 4).Fill(0x7f);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<AbiException>(() => new OneOf<ImmutableArray<BigInteger>>(AbiTypes.ArrayOf(AbiTypes.UInt256)).Decode(0, bytes));
        Assert.Throws<AbiException>(() => new OneOf<byte[]>(AbiTypes.Bytes).Decode(0, bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Encode_ValuesThatDoNotFit_AreRefused()
    {
        var writer = new AbiWriter();
        writer.Begin(20 * AbiWriter.WordBytes);

        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.UInt256, -1));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.UInt256, BigInteger.One << 256));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.UInt(128), BigInteger.One << 128));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.UIntOf64(40), 1UL << 40));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.Int(8), 128));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.Int(8), -129));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.FixedBytes(4), [1, 2, 3]));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.ArrayOf(AbiTypes.Bool, 2), [true]));
        Assert.Throws<AbiException>(() => writer.Add(AbiTypes.String, "\ud800"));
    }

    [Fact]
    public void DecodeError_OfSolidity_IsInWords()
    {
        var message = new OneOf<string>(AbiTypes.String).Encode(AbiSignature.Selector("Error(string)"), "no");
        var panic = new OneOf<BigInteger>(AbiTypes.UInt256).Encode(AbiSignature.Selector("Panic(uint256)"), 0x11);

        Assert.Equal(new RevertMessage("no"), ContractErrors.Decode(message));
        Assert.Equal(new RevertPanic(0x11), ContractErrors.Decode(panic));
        Assert.Equal(new UnknownError(""), ContractErrors.Decode(default));
        Assert.Equal(new UnknownError("08c379a0"), ContractErrors.Decode(message.AsMemory(0, 4)));
    }

    [Fact]
    public void DecodeError_OfAContract_HasItsValues()
    {
        var data = new OneOf<BigInteger>(AbiTypes.UInt256).Encode(AbiSignature.Selector("NotATestChain(uint256)"), 199);

        var error = Assert.IsType<NotATestChainError>(ContractErrors.Decode(data));

        Assert.Equal(199, error.ChainId);
        Assert.Contains("not for chain 199", new ContractRevertException(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodeEvent_OfAContract_HasTopicsAndData()
    {
        var from = new Address(Encoding.ASCII.GetBytes("twenty bytes of from"));
        var to = new Address(Encoding.ASCII.GetBytes("and twenty bytes to."));
        Hash32[] topics = [AbiSignature.Topic("Transfer(address,address,uint256)"), Word(from), Word(to)];
        var data = new OneOf<BigInteger>(AbiTypes.UInt256).Encode([], 7);

        var transfer = Assert.IsType<BttToken.Events.Transfer>(BttToken.DecodeEvent(topics, data));

        Assert.Equal(new BttToken.Events.Transfer(from, to, 7), transfer);
        Assert.Null(BttToken.DecodeEvent([Hash32.Of("another"u8)], data));
        Assert.Throws<AbiException>(() => BttToken.DecodeEvent(topics[..2], data));
    }

    [Fact]
    public void Call_ThatReturnsNothing_SaysThatThereIsNoContract()
    {
        var error = Assert.Throws<AbiException>(() => BttToken.BalanceOf(Address.Zero).Decode(default));

        Assert.Contains("no contract", error.Message, StringComparison.Ordinal);
    }

    private static Hash32 Word(Address address)
    {
        var word = new byte[Hash32.Bytes];
        address.CopyTo(word.AsSpan(12));
        return new Hash32(word);
    }

    private static byte[] Change(Random random, byte[] bytes)
    {
        switch (random.Next(3))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            default:
                return [.. bytes, .. new byte[random.Next(1, 40)]];
        }
    }
}
