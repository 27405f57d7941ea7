using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Primitives;

public sealed class HexTextTests
{
    [Theory]
    [InlineData("0x", "")]
    [InlineData("0x00", "00")]
    [InlineData("0xAbCdEf", "ABCDEF")]
    public void Parse_OfHex_IsItsBytes(string text, string bytes)
    {
        Assert.Equal(Convert.FromHexString(bytes), HexText.Parse(text, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("0X00")]
    [InlineData("0x0")]
    [InlineData("0x0g")]
    [InlineData("0x 0")]
    [InlineData("0x0x")]
    [InlineData("0x00\n0")]
    [InlineData("0x00000000")]
    public void Parse_OfOtherTextOrTooMany_IsNull(string text)
    {
        Assert.Null(HexText.Parse(text, 3));
    }
}
