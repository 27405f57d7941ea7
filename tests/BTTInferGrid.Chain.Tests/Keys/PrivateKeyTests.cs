using System.Security.Cryptography;
using System.Text;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Keys;

public sealed class PrivateKeyTests(ITestOutputHelper output)
{
    internal const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    private const string One = "0000000000000000000000000000000000000000000000000000000000000001";

    [Theory]
    [InlineData(One, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000002",
        "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF")]
    [InlineData(
        "4646464646464646464646464646464646464646464646464646464646464646",
        "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")]
    public void Address_OfKnownKey_IsItsAddress(string secret, string address)
    {
        using var key = new PrivateKey(Convert.FromHexString(secret));

        Assert.Equal(address, key.Address.ToString());
    }

    // Widely used vectors of RFC 6979 on this curve, with SHA-256.
    [Theory]
    [InlineData(
        One, "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
        "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData(
        One, "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
        "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "Satoshi Nakamoto",
        "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
        "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    public void Sign_OfVector_GivesItsSignature(string secret, string text, string r, string s)
    {
        using var key = new PrivateKey(Convert.FromHexString(secret));

        var signature = key.Sign(new Hash32(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

        Assert.Equal("0x" + r, signature.R.ToString());
        Assert.Equal("0x" + s, signature.S.ToString());
    }

    [Fact]
    public void Sign_OfAnyHash_IsRecoveredToTheAddress()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 300; i++)
        {
            using var key = new PrivateKey(random.Bytes(32));
            var hash = new Hash32(random.Bytes(32));

            var signature = key.Sign(hash);

            Assert.Equal(key.Address, signature.Recover(hash));
            Assert.Equal(signature, key.Sign(hash));
            Assert.Equal(signature, Signature.Parse(signature.ToBytes()));
            Assert.True(signature.IsBy(key.Address, hash));
            Assert.False(signature.IsBy(key.Address, new Hash32(random.Bytes(32))));
            Assert.False(signature.IsBy(new Address(random.Bytes(20)), hash));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Order)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("01010101010101010101010101010101010101010101010101010101010101")]
    [InlineData("010101010101010101010101010101010101010101010101010101010101010101")]
    public void PrivateKey_OfOtherBytes_ThrowsWithoutRepeatingThem(string secret)
    {
        var error = Assert.Throws<PrivateKeyException>(() => new PrivateKey(Convert.FromHexString(secret)));

        Assert.True(secret.Length == 0 || !error.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ToString_OfKey_IsItsAddress()
    {
        using var key = PrivateKey.Create();

        Assert.Equal(key.Address.ToString(), key.ToString());
    }

    [Fact]
    public void Create_Twice_GivesTwoKeys()
    {
        using var first = PrivateKey.Create();
        using var second = PrivateKey.Create();

        Assert.NotEqual(first.Address, second.Address);
    }

    [Fact]
    public void Sign_OnceDisposed_Throws()
    {
        var key = PrivateKey.Create();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign(default));
        Assert.Throws<ObjectDisposedException>(() => key.CopyTo(new byte[32]));
    }
}
