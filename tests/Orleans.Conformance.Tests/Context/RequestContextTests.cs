namespace Orleans.Conformance.Tests.Context;

public sealed class RequestContextTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private const string Key = "tenant";

    [Fact]
    public async Task Set_ByTheCaller_IsSeenByTheCallee()
    {
        RequestContext.Set(Key, "acme");

        Assert.Equal("acme", await Grain("seen").ContextValue(Key));
        Assert.Equal("acme", await Grain("seen").ContextAfterYield(Key));
    }

    [Fact]
    public async Task Set_ByAGrain_FlowsOnAndNotBack()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("inner", await Grain($"outer {i}").SetAndAsk(Key, "inner", $"inner {i}"));
            Assert.Null(RequestContext.Get(Key));
        }
    }

    [Fact]
    public async Task Set_InOneCall_IsNotSeenByTheNextCallOfTheSameGrain()
    {
        await Grain("twice").SetAndAsk(Key, "first", "other");

        Assert.Null(await Grain("twice").ContextValue(Key));
    }

    [Fact]
    public async Task Set_ThroughSeveralGrains_ReachesTheLast()
    {
        RequestContext.Set("outermost", 7);
        await Grain("hop 1").SetAndAsk(Key, "hop", "hop 2");

        Assert.Equal(7, await Grain("hop 3").ContextValue("outermost"));
    }

    [Fact]
    public void Remove_AndClear_TakeValuesAway()
    {
        RequestContext.Set("one", 1);
        RequestContext.Set("two", 2);

        Assert.True(RequestContext.Remove("one"));
        Assert.False(RequestContext.Remove("one"));
        Assert.Equal(["two"], RequestContext.Keys);
        Assert.Equal(2, Assert.Single(RequestContext.Entries).Value);
        RequestContext.Clear();
        Assert.Empty(RequestContext.Keys);
    }

    private IFilteredGrain Grain(string key)
    {
        return silos.Client.GetGrain<IFilteredGrain>(key, typeof(FilteredGrain).FullName);
    }
}
