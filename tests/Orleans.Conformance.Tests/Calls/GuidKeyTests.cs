namespace Orleans.Conformance.Tests.Calls;

public sealed class GuidKeyTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private static readonly Guid Key = new("00112233-4455-6677-8899-AABBCCDDEEFF");

    [Fact]
    public async Task GetGrain_GuidKey_ReachesTheGrainWithThatKey()
    {
        var grain = silo.Client.GetGrain<IGuidGrain>(Key);

        Assert.Equal(Key, await grain.Key());
        Assert.Equal(Key, grain.GetPrimaryKey());
        Assert.Equal("guid/00112233445566778899aabbccddeeff", grain.GetGrainId().ToString());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("00112233445566778899aabbccddeeff0")]
    [InlineData("00112233-4455-6677-8899-aabbccddeeff")]
    public void GetPrimaryKey_OtherKey_IsRefused(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => GrainId.Create("guid", key).GetGuidKey());

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }
}
