using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>How long the story of a job can be asked for.</summary>
public sealed class TraceRetentionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Trace_AsManyJobsEndedSinceAsAreKept_IsForgottenAndTheLaterOnesAreNot()
    {
        await using var grid = await TestGrid.StartAsync(configure: static builder =>
            builder.Services.Configure<JobOptions>(static options => options.KeptTraces = 2));

        var first = await RunAsync(grid);
        var second = await RunAsync(grid);
        Assert.NotNull(await first.Trace());
        var third = await RunAsync(grid);

        await Poll.UntilAsync(first.Trace, static trace => trace is null, Patience);
        Assert.NotNull(await second.Trace());
        Assert.NotNull(await third.Trace());
    }

    private static async Task<IJobGrain> RunAsync(TestGrid grid)
    {
        var job = grid.Grains.GetGrain<IJobGrain>(Guid.NewGuid().ToString("N"));
        var events = await job.Run(grid.Ask(TinyModel.Question)).ToListAsync();
        Assert.IsType<JobResult>(events[^1]);
        return job;
    }
}
