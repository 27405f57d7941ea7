using System.Numerics;
using System.Text;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Tests.Randomness;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Rlp;

public sealed class RlpTests(ITestOutputHelper output)
{
    private const string Lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";

    // From Ethereum's RLP page and its common tests (rlptest.json).
    public static TheoryData<string, string> Texts => new()
    {
        { "", "80" },
        { "\0", "00" },
        { "\u0001", "01" },
        { "\u007f", "7f" },
        { "dog", "83646f67" },
        { Lorem[..55], "b7" + Convert.ToHexString(Encoding.ASCII.GetBytes(Lorem[..55])) },
        { Lorem, "b838" + Convert.ToHexString(Encoding.ASCII.GetBytes(Lorem)) },
        { new string('x', 1024), "b90400" + Convert.ToHexString(Encoding.ASCII.GetBytes(new string('x', 1024))) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Encode_OfBytesOfVector_IsItsEncoding(string text, string encoding)
    {
        Assert.Equal(Convert.FromHexString(encoding), RlpEncoder.Encode(new RlpItem(Encoding.ASCII.GetBytes(text))));
    }

    [Theory]
    [InlineData("0", "80")]
    [InlineData("1", "01")]
    [InlineData("16", "10")]
    [InlineData("127", "7f")]
    [InlineData("128", "8180")]
    [InlineData("1000", "8203e8")]
    [InlineData("100000", "830186a0")]
    [InlineData("83729609699884896815286331701780722", "8f102030405060708090a0b0c0d0e0f2")]
    [InlineData(
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Encode_OfNumberOfVector_IsItsEncoding(string number, string encoding)
    {
        var item = RlpItem.Of(BigInteger.Parse(number));

        Assert.Equal(Convert.FromHexString(encoding), RlpEncoder.Encode(item));
        Assert.Equal(BigInteger.Parse(number), RlpDecoder.Decode(Convert.FromHexString(encoding)).ReadNumber(256));
    }

    [Fact]
    public void Encode_OfListsOfVector_IsTheirEncoding()
    {
        Assert.Equal("C0", Encode(List()));
        Assert.Equal("CC83646F6783676F6483636174", Encode(List(Text("dog"), Text("god"), Text("cat"))));
        Assert.Equal("C6827A77C10401", Encode(List(Text("zw"), List(RlpItem.Of(4)), RlpItem.Of(1))));
        Assert.Equal("C4C2C0C0C0", Encode(List(List(List(), List()), List())));
        Assert.Equal("C7C0C1C0C3C0C1C0", Encode(List(List(), List(List()), List(List(), List(List())))));
        var four = List(Text("asdf"), Text("qwer"), Text("zxcv"));
        var fourTimes = string.Concat(Enumerable.Repeat("CF84617364668471776572847A786376", 4));
        Assert.Equal("F840" + fourTimes, Encode(List(four, four, four, four)));
    }

    // Cases like those of the common tests (invalidRLPTest.json), each with what is wrong.
    [Theory]
    [InlineData("", "nothing")]
    [InlineData("8100", "a byte with a length")]
    [InlineData("817f", "a byte with a length")]
    [InlineData("81", "no content")]
    [InlineData("83646f", "too little content")]
    [InlineData("83646f6700", "a byte left over")]
    [InlineData("b8", "no length")]
    [InlineData("b800", "length zero as a long one")]
    [InlineData("b801ff", "length 1 as a long one")]
    [InlineData(
        "b837" + "00000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000000000000000000000000000",
        "length 55 as a long one")]
    [InlineData("b90040", "leading zero in the length")]
    [InlineData("bb7fffffff", "a length of 2 GiB")]
    [InlineData("bf0f000000000000021111", "a length of 8 bytes")]
    [InlineData("ff0f000000000000021111", "a list's length of 8 bytes")]
    [InlineData("ffffffffffffffffff", "the greatest length")]
    [InlineData("c1", "a list with too little content")]
    [InlineData("c183", "an item that ends beyond its list")]
    [InlineData("c28364", "an item that ends beyond its list")]
    [InlineData("f800", "a list's length zero as a long one")]
    [InlineData("f803112233", "a list's length 3 as a long one")]
    [InlineData("f80180", "a list's length 1 as a long one")]
    [InlineData("c28100", "a byte with a length inside a list")]
    public void Decode_OfOtherForm_Throws(string encoding, string problem)
    {
        output.WriteLine(problem);
        Assert.Throws<RlpException>(() => RlpDecoder.Decode(Convert.FromHexString(encoding)));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("820001")]
    [InlineData("a1010000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("c0")]
    public void ReadNumber_OfOtherForm_Throws(string encoding)
    {
        var item = RlpDecoder.Decode(Convert.FromHexString(encoding));

        Assert.Throws<RlpException>(() => item.ReadNumber(256));
    }

    [Fact]
    public void Decode_OfListsBeyondTheDepth_Throws()
    {
        var item = List();
        for (var depth = 1; depth < RlpDecoder.MaxDepth; depth++)
        {
            item = List(item);
        }

        Assert.True(RlpDecoder.Decode(RlpEncoder.Encode(item)).IsList);
        Assert.Throws<RlpException>(() => RlpDecoder.Decode(RlpEncoder.Encode(List(item))));
    }

    [Fact]
    public void Decode_OfMoreThanTheBound_Throws()
    {
        var most = RlpEncoder.Encode(new RlpItem(new byte[RlpDecoder.MaxBytes - 4]));

        Assert.Equal(RlpDecoder.MaxBytes, most.Length);
        Assert.Equal(RlpDecoder.MaxBytes - 4, RlpDecoder.Decode(most).Bytes.Length);
        var more = RlpEncoder.Encode(new RlpItem(new byte[RlpDecoder.MaxBytes - 3]));
        Assert.Throws<RlpException>(() => RlpDecoder.Decode(more));
    }

    [Fact]
    public void Decode_OfAnyBytes_ThrowsOrIsTheirOneForm()
    {
        // Whatever is decoded must encode to just the bytes it was read from: no second form passes.
        var random = new TestRandom(output);
        var refused = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = random.BytesUpTo(12);
            try
            {
                Assert.Equal(bytes, RlpEncoder.Encode(RlpDecoder.Decode(bytes)));
            }
            catch (RlpException)
            {
                refused++;
            }
        }

        output.WriteLine($"{refused} of them were refused");
        Assert.InRange(refused, 1, 99_999);
    }

    private static string Encode(RlpItem item)
    {
        var bytes = RlpEncoder.Encode(item);
        Assert.Equal(bytes, RlpEncoder.Encode(RlpDecoder.Decode(bytes)));
        return Convert.ToHexString(bytes);
    }

    private static RlpItem Text(string text)
    {
        return new RlpItem(Encoding.ASCII.GetBytes(text));
    }

    private static RlpItem List(params RlpItem[] items)
    {
        return new RlpItem(items);
    }
}
