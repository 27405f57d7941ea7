using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>How long the story of a job can be asked for.</summary>
public sealed class TraceRetentionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Trace_AsManyJobsEndedSinceAsAreKept_IsForgottenAndTheLaterOnesAreNot()
    {
        await using var grid = await SimulatedGrid.StartAsync(new SimulationOptions { Jobs = static jobs => jobs.KeptTraces = 2 });
        await grid.AddMinersAsync(1);

        await RunAsync(grid, "first");
        await RunAsync(grid, "second");
        (await grid.TraceAsync("first")).Should().NotBeNull();
        await RunAsync(grid, "third");

        await Poll.UntilAsync(() => grid.TraceAsync("first"), static trace => trace is null, Patience);
        (await grid.TraceAsync("second")).Should().NotBeNull();
        (await grid.TraceAsync("third")).Should().NotBeNull();
    }

    private static Task<JobRun> RunAsync(SimulatedGrid grid, string jobId) => grid.RunToEndAsync(SimulatedModel.Ask("Why?"), jobId: jobId);
}
