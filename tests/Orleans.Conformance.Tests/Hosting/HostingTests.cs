using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Orleans.Conformance.Tests.Hosting;

public sealed class HostingTests
{
    [Fact]
    public async Task UseOrleans_HostApplicationBuilder_HostsGrains()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering(siloPort: 21001));

        await CallAsync(builder.Build());
    }

    [Fact]
    public async Task UseOrleans_HostBuilder_HostsGrains()
    {
        var builder = new HostBuilder();
        builder.UseOrleans(static (_, silo) => silo.UseLocalhostClustering(siloPort: 21002));

        await CallAsync(builder.Build());
    }

    [Fact]
    public async Task UseOrleans_WebApplicationBuilder_HostsGrains()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.UseOrleans(static silo => silo.UseLocalhostClustering(siloPort: 21003));

        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");

        await CallAsync(builder.Build());
    }

    [Fact]
    public async Task UseLocalhostClustering_TwoHostsWithOnePrimary_FormOneCluster()
    {
        var primary = new IPEndPoint(IPAddress.Loopback, 21004);
        using var first = await StartAsync(21004, primary);
        using var second = await StartAsync(21005, primary);
        using var stranger = await StartAsync(21006, null);

        var id = await Grains(first).GetGrain<IProbeGrain>("two hosts").ActivationId();

        Assert.Equal(id, await Grains(second).GetGrain<IProbeGrain>("two hosts").ActivationId());
        Assert.NotEqual(id, await Grains(stranger).GetGrain<IProbeGrain>("two hosts").ActivationId());
        await Task.WhenAll(first.StopAsync(), second.StopAsync(), stranger.StopAsync())
            .Within("the stop of three hosts");
    }

    [Fact]
    public async Task UseOrleans_CalledTwice_ConfiguresOneSilo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering(siloPort: 21008));
        builder.UseOrleans(static silo => silo.Configure<SiloOptions>(static options => options.SiloName = "named"));
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal("named", host.Services.GetRequiredService<ILocalSiloDetails>().Name);
        await host.StopAsync();
    }

    [Fact]
    public async Task AddStartupTask_SiloIsActive_CallsGrains()
    {
        var answer = string.Empty;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: 21009)
            .AddStartupTask(async (services, _) =>
            {
                var grains = services.GetRequiredService<IGrainFactory>();
                answer = await grains.GetGrain<IProbeGrain>("startup").Echo("up");
            }));
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal("up", answer);
        await host.StopAsync();
    }

    [Fact]
    public async Task AddStartupTask_Throws_FailsTheStartAndLeavesTheCluster()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo
            .UseLocalhostClustering(siloPort: 21010)
            .AddStartupTask(static (_, _) => throw new NotSupportedException("no start")));
        using var host = builder.Build();

        await Assert.ThrowsAsync<NotSupportedException>(() => host.StartAsync());

        using var next = await StartAsync(21010, null);
        await next.StopAsync();
    }

    [Fact]
    public async Task Stop_ThenCall_FailsWithSiloUnavailable()
    {
        using var host = await StartAsync(21011, null);
        var grain = Grains(host).GetGrain<IProbeGrain>("after stop");
        var pending = grain.HoldInterleaved("after stop");
        await Signals.Await("after stop in");
        using var noTime = new CancellationTokenSource();
        await noTime.CancelAsync();

        await host.StopAsync(noTime.Token);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => pending.Within("the pending call"));
        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Plain);
    }

    private static async Task<IHost> StartAsync(int port, IPEndPoint? primary)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: port, primarySiloEndpoint: primary));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task CallAsync(IHost host)
    {
        using (host)
        {
            await host.StartAsync();
            Assert.Equal("hosted", await Grains(host).GetGrain<IProbeGrain>("hosted").Echo("hosted"));
            await host.StopAsync().Within("the stop of the host");
        }
    }

    private static IGrainFactory Grains(IHost host)
    {
        return host.Services.GetRequiredService<IClusterClient>();
    }
}
