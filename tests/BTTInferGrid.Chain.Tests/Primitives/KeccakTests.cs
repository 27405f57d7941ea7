using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Primitives;

public sealed class KeccakTests
{
    // From the Keccak team's test vectors, and the Yellow Paper's hash of nothing.
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("testing", "0x5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02")]
    [InlineData("transfer(address,uint256)", "0xa9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b")]
    public void Hash_OfVector_IsItsHash(string text, string hash)
    {
        Assert.Equal(hash, Hash32.Of(Encoding.UTF8.GetBytes(text)).ToString());
    }

    [Fact]
    public void Hash_IntoTooLittleRoom_LeavesNothingBehind()
    {
        Assert.Throws<ArgumentException>(() => Keccak.Hash("abc"u8, new byte[31]));

        Assert.Equal("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Hash32.Of([]).ToString());
    }
}
