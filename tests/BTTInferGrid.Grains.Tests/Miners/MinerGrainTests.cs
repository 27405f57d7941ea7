using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Grains.Tests.Miners;

/// <summary>A miner's life with the grid, each state with its reason.</summary>
public sealed class MinerGrainTests
{
    [Fact]
    public async Task Join_HonestMiner_IsMeasuredAndActive()
    {
        await using var grid = await TestGrid.StartAsync();

        var standing = await grid.WaitForAsync(grid.Miners[0].Id, MinerState.Active);

        Assert.True(standing.Speed.PrefillTokensPerSecond > 0);
        Assert.True(standing.Speed.DecodeTokensPerSecond > 0);
        Assert.Equal(TinyModel.ContextTokens, standing.Offer.ContextTokens);
        Assert.NotEmpty(standing.Offer.Backend);
        Assert.Contains("probe", standing.Reason);
        Assert.Equal(1, await Model(grid).ActiveMiners());
    }

    [Fact]
    public async Task Join_WrongAnswerToTheProbe_GetsNoJobsAndSaysWhy()
    {
        await using var grid = await TestGrid.StartAsync(probe: new ProbeQuestion(TinyModel.Question, "Osaka"));

        var standing = await grid.WaitForAsync(grid.Miners[0].Id, MinerState.Suspended);

        Assert.Contains("wrong", standing.Reason);
        Assert.Equal(0, await Model(grid).ActiveMiners());
        await Assert.ThrowsAsync<NoMinerException>(() => Model(grid).Route(Need(grid)));
    }

    [Fact]
    public async Task Disconnect_Miner_IsGoneAndComesBack()
    {
        await using var grid = await TestGrid.StartAsync();
        var id = grid.Miners[0].Id;
        var since = (await grid.WaitForAsync(id, MinerState.Active)).Since;

        Assert.True(grid.Disconnect(id));

        await grid.WaitForAsync(id, standing => standing.State == MinerState.Active && standing.Since > since);
    }

    [Fact]
    public async Task Stop_Miner_DrainsAndIsGone()
    {
        await using var grid = await TestGrid.StartAsync();
        var id = grid.Miners[0].Id;

        await grid.Miners[0].StopAsync();

        var standing = await grid.WaitForAsync(id, MinerState.Gone);
        Assert.NotEmpty(standing.Reason);
        Assert.Equal(MinerState.Gone, Assert.Single(await Model(grid).Miners()).State);
    }

    [Fact]
    public async Task Suspend_ByTheOperator_KeepsItOutUntilResume()
    {
        await using var grid = await TestGrid.StartAsync();
        var id = grid.Miners[0].Id;
        var record = grid.Grains.GetMiner(id);

        await record.Suspend("it is being looked at");

        var suspended = await grid.WaitForAsync(id, MinerState.Suspended);
        Assert.Contains("it is being looked at", suspended.Reason);
        Assert.Equal(0, await Model(grid).ActiveMiners());
        await record.Resume();
        await grid.WaitForAsync(id, MinerState.Active);
    }

    [Theory]
    [InlineData(AttemptOutcome.Stalled)]
    [InlineData(AttemptOutcome.Refused)]
    public async Task Report_FailuresInARow_SuspendsAndProbesAgain(AttemptOutcome failure)
    {
        await using var grid = await TestGrid.StartAsync();
        var id = grid.Miners[0].Id;
        var record = grid.Grains.GetMiner(id);

        for (var i = 0; i < 3; i++)
        {
            await record.Report(new MinerOutcome($"job-{i}", failure, "it did not serve.", 0, default));
        }

        var suspended = await grid.WaitForAsync(id, MinerState.Suspended);
        Assert.Equal(3, suspended.Stats.FailedInARow);
        Assert.Contains("it did not serve.", suspended.Reason);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("profile")]
    [InlineData("slots")]
    [InlineData("context_tokens")]
    [InlineData("backend")]
    [InlineData("ask")]
    public async Task Validate_OfferThatIsNotRight_IsRefusedByField(string field)
    {
        await using var grid = await TestGrid.StartAsync();
        var offer = new MinerOffer("miner", TinyModel.Id, grid.Model.Profile, 512, 4, "zen4");
        var wrong = field switch
        {
            "model" => offer with { Model = "unknown" },
            "profile" => offer with { Profile = "cheaper" },
            "slots" => offer with { Slots = 0 },
            "context_tokens" => offer with { ContextTokens = -1 },
            "backend" => offer with { Backend = "a\nb" },
            _ => offer with { Ask = new MinerAsk(-1, 0) },
        };

        MinerOfferValidator.Validate(offer, "miner", grid.Catalogue);
        Assert.Equal(
            field,
            Assert.Throws<RequestRefusedException>(() => MinerOfferValidator.Validate(wrong, "miner", grid.Catalogue)).Field);
    }

    private static IModelGrain Model(TestGrid grid) => grid.Grains.GetGrain<IModelGrain>(TinyModel.Id);

    private static RouteRequest Need(TestGrid grid) => new("job", grid.Model.Profile, 10, 10);
}
