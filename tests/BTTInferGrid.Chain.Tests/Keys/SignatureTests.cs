using System.Globalization;
using System.Numerics;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Keys;

public sealed class SignatureTests
{
    private static readonly BigInteger Order = BigInteger.Parse("0" + PrivateKeyTests.Order, NumberStyles.HexNumber);

    // An input of the ecrecover contract at address 1 and what it returns.
    private static readonly Hash32 Hash =
        Hash32.Parse("0x456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3");
    private static readonly Hash32 R =
        Hash32.Parse("0x9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608");
    private static readonly Hash32 S =
        Hash32.Parse("0x4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada");
    private static readonly Address Signer = Address.Parse("0x7156526fbd7a3c72969b54f64e42c10fbb768c8a");

    [Fact]
    public void Recover_OfVector_IsItsSigner()
    {
        Assert.Equal(Signer, new Signature(R, S, isOdd: true).Recover(Hash));
        Assert.NotEqual(Signer, new Signature(R, S, isOdd: false).Recover(Hash));
    }

    [Fact]
    public void Signature_OfUpperHalf_Throws()
    {
        // The second form of a signature that is right: other parity, and s taken from the order.
        var upper = Number(Order - new BigInteger(S.ToBytes(), isUnsigned: true, isBigEndian: true));

        Assert.Throws<SignatureException>(() => new Signature(R, upper, isOdd: false));
        Assert.NotNull(new Signature(R, Number(Order / 2), isOdd: false));
        Assert.Throws<SignatureException>(() => new Signature(R, Number((Order / 2) + 1), isOdd: false));
    }

    [Fact]
    public void Signature_OfNumbersOutOfRange_Throws()
    {
        Assert.Throws<SignatureException>(() => new Signature(default, S, isOdd: true));
        Assert.Throws<SignatureException>(() => new Signature(R, default, isOdd: true));
        Assert.Throws<SignatureException>(() => new Signature(Number(Order), S, isOdd: true));
        Assert.Throws<SignatureException>(() => new Signature(Number(Order + 1), S, isOdd: true));
        Assert.Throws<SignatureException>(() => new Signature(R, Number(Order), isOdd: true));
        Assert.NotNull(new Signature(Number(Order - 1), S, isOdd: true));
    }

    [Fact]
    public void Recover_OfRThatIsNoPoint_Throws()
    {
        // No point of the curve has x = 5.
        var signature = new Signature(Number(5), S, isOdd: true);

        Assert.Throws<SignatureException>(() => signature.Recover(Hash));
        Assert.False(signature.IsBy(Signer, Hash));
    }

    [Fact]
    public void Parse_OfOtherLengthOrV_Throws()
    {
        var bytes = new Signature(R, S, isOdd: true).ToBytes();

        Assert.Equal(28, bytes[^1]);
        Assert.Throws<SignatureException>(() => Signature.Parse([]));
        Assert.Throws<SignatureException>(() => Signature.Parse(bytes.AsSpan(1)));
        Assert.Throws<SignatureException>(() => Signature.Parse([.. bytes, 0]));
        for (var v = 0; v < 256; v++)
        {
            bytes[^1] = (byte)v;
            if (v is 27 or 28)
            {
                Assert.Equal(v == 28, Signature.Parse(bytes).IsOdd);
            }
            else
            {
                Assert.Throws<SignatureException>(() => Signature.Parse(bytes));
            }
        }
    }

    private static Hash32 Number(BigInteger value)
    {
        var bytes = new byte[32];
        var digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, 32 - digits.Length);
        return new Hash32(bytes);
    }
}
