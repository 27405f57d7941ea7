using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Routing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Tests;

/// <summary>A silo does not start with options that are out of range.</summary>
public sealed class GridOptionsTests
{
    [Fact]
    public Task Start_RoutingOutOfRange_Fails() => FailsAsync<RoutingOptions>(
        static options => options.SilentFor = TimeSpan.Zero, nameof(RoutingOptions.SilentFor));

    [Fact]
    public Task Start_JobsOutOfRange_Fails() => FailsAsync<JobOptions>(
        static options => options.KeptTraces = 0, nameof(JobOptions.KeptTraces));

    [Fact]
    public Task Start_MinersOutOfRange_Fails() => FailsAsync<MinerOptions>(
        static options => options.SpeedWeight = double.NaN, nameof(MinerOptions.SpeedWeight));

    private static async Task FailsAsync<TOptions>(Action<TOptions> configure, string name)
        where TOptions : class
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.UseOrleans(static silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddGrid();
        });
        builder.Services.Configure(configure);
        using var host = builder.Build();

        var failure = await host.Invoking(static host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>();

        failure.Which.Message.Should().Contain(name);
    }
}
