using Microsoft.Extensions.Hosting;
using Orleans.Conformance.Testing.Messages;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Differences;

/// <summary>Where an error says more than on Orleans.</summary>
public sealed class ErrorTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Activation_StoreNotRegistered_FailsAndNamesTheStore()
    {
        var grain = silo.Client.GetGrain<IUnstoredGrain>("key");

        var error = await Assert.ThrowsAsync<BadProviderConfigException>(grain.Call);

        Assert.Contains("'missing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_UnknownGrainType_IsRefused()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>(GrainId.Create("no-such-type", "key"));

        await Assert.ThrowsAsync<ArgumentException>(grain.Plain);
    }

    [Fact]
    public async Task Call_ExceptionOfAnUnknownType_ArrivesAsFallback()
    {
        var error = await Assert.ThrowsAsync<UnavailableExceptionFallbackException>(
            () => silo.Client.GetGrain<ICopyGrain>(4).Fail("unknown"));

        Assert.Equal(typeof(UnmarkedException).FullName, error.ExceptionType);
    }

    [Fact]
    public async Task DeactivateOnIdle_EachTimeItActivates_RequestIsRefusedAsNotExecuted()
    {
        var grain = silo.Client.GetGrain<IEndsAtOnceGrain>("key");

        var error = await Assert.ThrowsAsync<OrleansMessageRejectionException>(
            () => grain.Plain().Within("the refusal of a request that no activation takes"));

        Assert.Contains("not executed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_ConstructedOutsideOfASilo_SaysSo()
    {
        var grain = new ProbeGrain();

        var error = Assert.Throws<InvalidOperationException>(() => grain.IdentityString);

        Assert.Contains("IGrainFactory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_NeitherCallsOnNorAnswers_ErrorNamesTheMethod()
    {
        await using var cluster = await Clusters.StartAsync(configure: static silo =>
            silo.AddIncomingGrainCallFilter(static _ => Task.CompletedTask));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cluster.Client.GetGrain<IProbeGrain>("unanswered").Echo("text"));

        Assert.Contains("Echo", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/key")]
    [InlineData("type/")]
    public void GrainId_TypeOrKeyIsMissing_IsNotRead(string text)
    {
        Assert.False(GrainId.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => GrainId.Parse(text));
    }

    [Fact]
    public async Task UseOrleans_NoCluster_SaysWhatToCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.Contains("UseLocalhostClustering", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseLocalhostClustering_PortInUse_SaysSo()
    {
        using var first = await StartAsync(21107);

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => StartAsync(21107));

        Assert.Contains("siloPort", error.Message, StringComparison.Ordinal);
        await first.StopAsync();
        using var second = await StartAsync(21107);
        await second.StopAsync();
    }

    private static async Task<IHost> StartAsync(int port)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: port));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
