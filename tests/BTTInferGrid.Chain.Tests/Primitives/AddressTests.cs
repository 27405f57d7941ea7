using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Primitives;

public sealed class AddressTests(ITestOutputHelper output)
{
    // From EIP-55.
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void ToString_OfVector_HasItsChecksum(string text)
    {
        Assert.Equal(text, Address.Parse(text).ToString());
        Assert.Equal(text, Address.Parse(text.ToLowerInvariant()).ToString());
        Assert.Equal(text, Address.Parse("0x" + text[2..].ToUpperInvariant()).ToString());
    }

    [Fact]
    public void Parse_OfOneLetterInTheOtherCase_NamesTheChecksum()
    {
        const string Right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        foreach (var i in Enumerable.Range(2, 40).Where(static i => char.IsAsciiLetter(Right[i])))
        {
            var wrong = $"{Right[..i]}{(char)(Right[i] ^ 0x20)}{Right[(i + 1)..]}";

            Assert.Equal(wrong, Assert.Throws<AddressChecksumException>(() => Address.Parse(wrong)).Address);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [InlineData(" 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    public void Parse_OfNoAddress_Throws(string text)
    {
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Fact]
    public void Parse_OfWhatToStringWrote_IsTheAddress()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = random.Bytes(Address.Bytes);
            var address = new Address(bytes);

            Assert.Equal(address, Address.Parse(address.ToString()));
            Assert.Equal(bytes, address.ToBytes());
        }
    }

    [Fact]
    public void Equals_OfAddressesThatDifferInOneBit_IsFalse()
    {
        var bytes = new byte[Address.Bytes];
        for (var bit = 0; bit < 8 * Address.Bytes; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(Address.Zero, new Address(bytes));
            bytes[bit / 8] = 0;
        }

        Assert.Equal(Address.Zero, new Address(bytes));
    }

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    public void Address_OfOtherLength_Throws(int length)
    {
        Assert.Throws<ArgumentException>(() => new Address(new byte[length]));
    }
}
