using BTTInferGrid.Compute;
using BTTInferGrid.Testing;
using FluentAssertions;
using Orleans.Core.Internal;
using static BTTInferGrid.Grains.Tests.Routing.Standings;

namespace BTTInferGrid.Grains.Tests.Routing;

public sealed class ModelGrainTests(RoutingCluster cluster) : IClassFixture<RoutingCluster>
{
    private readonly IModelGrain _model = cluster.Grains.GetGrain<IModelGrain>($"model-{Guid.NewGuid():N}");

    private string Id => _model.GetPrimaryKeyString();

    [Fact]
    public async Task Route_ReportedMiner_IsChosenUntilItIsGone()
    {
        (await _model.Publish(Report("a", 1, isComplete: true, Miner("m")))).Should().BeTrue();
        (await _model.Route(Need("1"))).Miner.MinerId.Should().Be("m");

        await _model.Publish(Report("a", 2, isComplete: false, Miner("m") with { State = MinerState.Gone }));

        var refusal = await _model.Invoking(model => model.Route(Need("2"))).Should().ThrowAsync<NoMinerException>();
        refusal.Which.Message.Should().Contain("of 1 miners 1 are not active");
        (await _model.ActiveMiners()).Should().Be(0);
    }

    [Fact]
    public async Task Route_NoMinerAtAll_SaysSo()
    {
        var refusal = await Poll.UntilAsync(RefusalAsync, static refusal => refusal is not ModelBusyException { IsStarting: true }, RoutingCluster.Patience);

        refusal.Should().BeOfType<NoMinerException>().Which.Message.Should().EndWith("none has joined.");

        async Task<Exception> RefusalAsync() =>
            (await _model.Invoking(model => model.Route(Need("1"))).Should().ThrowAsync<GridException>()).Which;
    }

    [Fact]
    public async Task Release_OfAnotherMinersJob_LeavesTheLoad()
    {
        await _model.Publish(Report("a", 1, isComplete: true, Miner("m")));
        await _model.Route(Need("1"));
        await _model.Route(Need("2"));

        await _model.Release("1", "another");
        await _model.Release("2", "m");

        // Nobody answers a release; a job that is routed again counts once.
        await Poll.UntilAsync(() => JobsAsync(_model), static jobs => jobs == 1, RoutingCluster.Patience);
        (await JobsAsync(_model)).Should().Be(1);
        await _model.Release("1", "m");
        await Poll.UntilAsync(() => JobsAsync(_model), static jobs => jobs == 0, RoutingCluster.Patience);
    }

    [Fact]
    public async Task Route_JobOfADeadSilo_IsNoLoadAfterAWhile()
    {
        var sequence = 0;
        await _model.Publish(Report("a", ++sequence, isComplete: true, Miner("m")));
        var alive = cluster.Silo;
        await _model.Route(Need("1") with { Silo = alive });
        await _model.Route(Need("2") with { Silo = SiloAddress.New(alive.Endpoint, alive.Generation - 1) });
        (await LoadAsync()).Should().Be(2);

        await Poll.UntilAsync(LoadAsync, static jobs => jobs == 1, RoutingCluster.Patience);

        async Task<int> LoadAsync()
        {
            // The source must go on reporting, or its miner is gone.
            await _model.Publish(Report("a", ++sequence, isComplete: false));
            return await JobsAsync(_model);
        }
    }

    [Fact]
    public async Task Publish_SourceThatStops_LosesItsMiners()
    {
        await _model.Publish(Report("a", 1, isComplete: true, Miner("m")));

        (await cluster.WaitForAsync(Id, "m", MinerState.Gone)).Reason.Should().Be("its silo stopped reporting.");
    }

    [Fact]
    public async Task Publish_MalformedReport_IsRefusedByField()
    {
        var report = Report("a", 1, isComplete: true, Miner("m"));

        await RefusedAsync("source", report with { Source = "" });
        await RefusedAsync("source", report with { Source = new string('a', MinerReport.MaxSourceLength + 1) });
        await RefusedAsync("sequence", report with { Sequence = 0 });
        await RefusedAsync("sequence", report with { Sequence = long.MinValue });
        await RefusedAsync("miners", report with { Miners = default });
        await RefusedAsync("miners", report with { Miners = [null!] });
        await RefusedAsync("miners", report with { Miners = [Miner("m") with { Offer = null! }] });
        await RefusedAsync("miner", report with { Miners = [Miner("")] });
        await RefusedAsync("profile", report with { Miners = [Change(Miner("m"), static offer => offer with { Profile = null! })] });
        await RefusedAsync("model", report with { Miners = [Miner("m"), Change(Miner("n"), static offer => offer with { Model = "other" })] });
        await RefusedAsync("state", report with { Miners = [Miner("m") with { State = (MinerState)6 }] });
        await RefusedAsync("state", report with { Miners = [Miner("m") with { State = (MinerState)(-1) }] });

        (await _model.Miners()).Should().BeEmpty("a report counts as a whole or not at all");
    }

    [Fact]
    public async Task Publish_SameMinerTwice_TheLaterStandingCounts()
    {
        await _model.Publish(Report("a", 1, isComplete: true, Miner("m"), Miner("m") with { State = MinerState.Draining }));

        (await _model.Miners()).Should().ContainSingle().Which.State.Should().Be(MinerState.Draining);
    }

    [Fact]
    public async Task Publisher_SiloThatStops_SaysThatItsMinersAreGone()
    {
        var silos = await RoutingCluster.StartAsync(2);
        try
        {
            var (silo, other) = await silos.SilosOfAsync(Model);
            RoutingCluster.Publisher(silo).Publish(Of("stays"));
            RoutingCluster.Publisher(other!).Publish(Of("goes"));
            await silos.WaitForAsync(Model, "stays", MinerState.Active);
            await silos.WaitForAsync(Model, "goes", MinerState.Active);

            await silos.StopAsync(other!);

            (await silos.WaitForAsync(Model, "goes", MinerState.Gone)).Reason.Should().Be("its silo stops.");
            await silos.WaitForAsync(Model, "stays", MinerState.Active);
        }
        finally
        {
            await silos.DisposeAsync();
        }
    }

    [Fact]
    public async Task Publisher_NewActivationOfTheModel_IsTheSameAsBefore()
    {
        var id = $"model-{Guid.NewGuid():N}";
        var (silo, _) = await cluster.SilosOfAsync(id);
        RoutingCluster.Publisher(silo).Publish(Of("m", model: id));
        await cluster.WaitForAsync(id, "m", MinerState.Active);

        await cluster.Grains.GetGrain<IModelGrain>(id).Cast<IGrainManagementExtension>().DeactivateOnIdle();

        await cluster.WaitForAsync(id, "m", MinerState.Active);
        (await Poll.UntilAsync(cluster.Grains.GetGrain<IModelGrain>(id).ActiveMiners, static active => active == 1, RoutingCluster.Patience))
            .Should().Be(1);
    }

    private static MinerStanding Change(MinerStanding standing, Func<MinerOffer, MinerOffer> change) =>
        standing with { Offer = change(standing.Offer) };

    private static async Task<int> JobsAsync(IModelGrain model) => (await model.Route(Need("3"))).Trace.Finalists[0].Jobs;

    private static RouteRequest Need(string jobId) => new(jobId, "profile", 10, 10);

    private MinerStanding Miner(string id) => Of(id, model: Id);

    private async Task RefusedAsync(string field, MinerReport report)
    {
        var refusal = await _model.Invoking(model => model.Publish(report)).Should().ThrowAsync<RequestRefusedException>();
        refusal.Which.Field.Should().Be(field);
    }
}
