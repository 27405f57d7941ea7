using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Tests.Compute;

public sealed class ModelGrainTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Place_NobodyJoined_IsNoMiner()
    {
        var error = await Assert.ThrowsAsync<NoMinerException>(() => Model("empty").Place(new PlacementRequest("job", "profile", 10)));

        Assert.Equal("empty", error.Model);
        Assert.Contains("none has joined", error.Message);
    }

    [Fact]
    public async Task Place_SeveralMiners_TakesThemInTurn()
    {
        var model = Model("turns");
        foreach (var miner in (string[])["a", "b", "c"])
        {
            await model.Offer(Offer(miner, "turns"));
        }

        var chosen = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            chosen.Add((await model.Place(new PlacementRequest("job", "profile", 10))).MinerId);
        }

        Assert.Equal(["a", "b", "c", "a", "b", "c"], chosen);
    }

    [Fact]
    public async Task Place_RequestLargerThanSome_TakesOneThatFits()
    {
        var model = Model("sizes");
        await model.Offer(Offer("small", "sizes", contextTokens: 100));
        await model.Offer(Offer("large", "sizes", contextTokens: 1000));

        Assert.Equal("large", (await model.Place(new PlacementRequest("job", "profile", 101))).MinerId);
        Assert.Equal("large", (await model.Place(new PlacementRequest("job", "profile", 1000))).MinerId);
        var error = await Assert.ThrowsAsync<NoMinerException>(() => model.Place(new PlacementRequest("job", "profile", 1001)));
        Assert.Contains("1001", error.Message);
    }

    [Fact]
    public async Task Offer_Again_ReplacesTheEarlierOffer()
    {
        var model = Model("again");
        await model.Offer(Offer("a", "again", contextTokens: 100));
        await model.Offer(Offer("a", "again", contextTokens: 200));

        Assert.Equal(200, Assert.Single(await model.Miners()).ContextTokens);
    }

    [Fact]
    public async Task Place_MinersOfAnotherProfile_AreNotTaken()
    {
        var model = Model("profiles");
        await model.Offer(Offer("cheat", "profiles") with { Profile = "cheaper" });
        await Assert.ThrowsAsync<NoMinerException>(() => model.Place(new PlacementRequest("job", "profile", 10)));
        await model.Offer(Offer("honest", "profiles"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("honest", (await model.Place(new PlacementRequest("job", "profile", 10))).MinerId);
        }
    }

    [Fact]
    public async Task Offer_AnotherModel_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RequestRefusedException>(() => Model("mine").Offer(Offer("a", "yours")));

        Assert.Equal("model", error.Field);
    }

    [Fact]
    public async Task Withdraw_LastMiner_LeavesNone()
    {
        var model = Model("gone");
        await model.Offer(Offer("a", "gone"));
        await model.Withdraw("never-there");
        await model.Withdraw("a");

        Assert.Empty(await model.Miners());
        await Assert.ThrowsAsync<NoMinerException>(() => model.Place(new PlacementRequest("job", "profile", 1)));
    }

    private IModelGrain Model(string id) => cluster.Grains.GetGrain<IModelGrain>(id);

    private static MinerOffer Offer(string miner, string model, int contextTokens = 512) =>
        new(miner, model, "profile", contextTokens);
}
