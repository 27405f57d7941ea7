using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Primitives;

public sealed class WeiTests(ITestOutputHelper output)
{
    private const string Greatest = "115792089237316195423570985008687907853269984665640564039457.584007913129639935";

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1000000000000000000")]
    [InlineData("0.5", "500000000000000000")]
    [InlineData("0.000000000000000001", "1")]
    [InlineData("12.500", "12500000000000000000")]
    [InlineData(Greatest, "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void ParseBtt_OfAmount_IsItsWei(string text, string wei)
    {
        Assert.Equal(BigInteger.Parse(wei), Wei.ParseBtt(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.2.3")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("١")]
    [InlineData("0.0000000000000000001")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457.584007913129639936")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000001")]
    public void ParseBtt_OfOtherText_Throws(string text)
    {
        Assert.Throws<FormatException>(() => Wei.ParseBtt(text));
    }

    [Fact]
    public void FormatBtt_OfAmount_IsReadBackToTheWei()
    {
        var random = new TestRandom(output);
        for (var i = 0; i < 1000; i++)
        {
            var wei = random.Number(256);

            Assert.Equal(wei, Wei.ParseBtt(Wei.FormatBtt(wei)));
        }

        Assert.Equal(Greatest, Wei.FormatBtt(Wei.Max));
        Assert.Equal("0", Wei.FormatBtt(0));
        Assert.Equal("0.5", Wei.FormatBtt(5 * BigInteger.Pow(10, 17)));
    }

    [Fact]
    public void FormatBtt_OfNoAmount_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wei.FormatBtt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wei.FormatBtt(Wei.Max + 1));
    }
}
