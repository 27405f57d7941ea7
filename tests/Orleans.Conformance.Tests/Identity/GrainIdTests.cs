namespace Orleans.Conformance.Tests.Identity;

public sealed class GrainIdTests
{
    [Fact]
    public void ToString_TypeAndKey_ReadsBack()
    {
        var id = GrainId.Create("miner", "0xAbc/1");

        Assert.Equal("miner/0xAbc/1", id.ToString());
        Assert.Equal(id, GrainId.Parse(id.ToString()));
        Assert.Equal("0xAbc/1", id.Key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("noslash")]
    public void TryParse_Malformed_Fails(string text)
    {
        Assert.False(GrainId.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => GrainId.Parse(text));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(255, "FF")]
    [InlineData(-1, "FFFFFFFFFFFFFFFF")]
    [InlineData(long.MinValue, "8000000000000000")]
    public void IntegerKey_Value_IsUpperCaseHexadecimal(long key, string text)
    {
        var id = GrainId.Create(GrainType.Create("t"), GrainIdKeyExtensions.CreateIntegerKey(key));

        Assert.Equal(text, id.Key.ToString());
        Assert.Equal(key, id.GetIntegerKey());
    }

    [Fact]
    public void GetIntegerKey_NotAnInteger_SaysSo()
    {
        Assert.Throws<ArgumentException>(() => GrainId.Create("t", "xyz").GetIntegerKey());
    }

    [Fact]
    public void Equals_SameText_IsEqualWithTheSameHash()
    {
        var one = GrainId.Create("type", "key");
        var two = GrainId.Parse("type/key");

        Assert.True(one == two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.True(one != GrainId.Create("type", "kez"));
        Assert.True(one != GrainId.Create("typf", "key"));
    }

    [Fact]
    public void CompareTo_OtherKey_OrdersByTypeThenKey()
    {
        Assert.True(GrainId.Create("a", "z").CompareTo(GrainId.Create("b", "a")) < 0);
        Assert.True(GrainId.Create("a", "b").CompareTo(GrainId.Create("a", "a")) > 0);
    }
}
