using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Primitives;

public sealed class Hash32Tests(ITestOutputHelper output)
{
    [Fact]
    public void Parse_OfWhatToStringWrote_IsTheHash()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = random.Bytes(Hash32.Bytes);
            var hash = new Hash32(bytes);

            Assert.Equal(hash, Hash32.Parse(hash.ToString()));
            Assert.Equal(bytes, hash.ToBytes());
        }
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a4")]
    [InlineData("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a47000")]
    [InlineData("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a4-0")]
    public void Parse_OfNoHash_Throws(string text)
    {
        Assert.Throws<FormatException>(() => Hash32.Parse(text));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void Hash32_OfOtherLength_Throws(int length)
    {
        Assert.Throws<ArgumentException>(() => new Hash32(new byte[length]));
    }
}
