using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.InMemory;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>Core silos in web applications of their own, and edge silos that come to them by WebSocket.</summary>
internal sealed class EdgeTestGrid : IAsyncDisposable
{
    public const string Cluster = "edge tests";
    private readonly InMemoryCluster _cluster = new();
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("edge-");
    private readonly List<IHost> _hosts = [];
    private int _ports = 41000;

    public async Task<WebApplication> StartCoreAsync(
        Action<EdgeGatewayOptions>? limits = null,
        Func<IGrainDirectoryStore, IGrainDirectoryStore>? directory = null,
        TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var port = Interlocked.Increment(ref _ports);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(static options => options.ClusterId = Cluster);
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = System.Net.IPAddress.Loopback;
                options.SiloPort = port;
            });
            silo.Services.AddInMemoryCluster(_ => _cluster);
            if (directory is not null)
            {
                silo.Services.AddSingleton(directory(new InMemoryDirectory(_cluster)));
            }

            silo.AddEdgeGateway(limits);
            silo.AddEdgeKeys(static keys => keys.AllowAnyKey = true);
        });
        var application = builder.Build();
        application.MapEdgeSilos("/edge");
        await application.StartAsync().Within("start of a core silo");
        _hosts.Add(application);
        return application;
    }

    public static Uri GatewayOf(IHost core)
    {
        var address = core.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri(address.Replace("http:", "ws:", StringComparison.Ordinal) + "/edge");
    }

    public async Task<IHost> StartEdgeAsync(
        string key, Action<EdgeSiloOptions>? configure = null, bool connects = true, params IHost[] cores)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseEdgeSilo(edge =>
        {
            edge.Configure<ClusterOptions>(static options => options.ClusterId = Cluster);
            edge.UseEdgeKeyFile(Path.Combine(_folder.FullName, key));
            edge.Configure<EdgeSiloOptions>(options =>
            {
                Array.ForEach(cores, core => options.Gateways.Add(GatewayOf(core)));
                options.MinBackoff = TimeSpan.FromMilliseconds(20);
                options.MaxBackoff = TimeSpan.FromMilliseconds(500);
                options.Host<IMachineGrain>();
                configure?.Invoke(options);
            });
        });
        var host = builder.Build();
        await host.StartAsync().Within("start of an edge silo");
        _hosts.Add(host);
        if (connects)
        {
            await SiloOf(host).WaitUntilConnectedAsync().Within("connection of an edge silo");
        }

        return host;
    }

    public static IEdgeSilo SiloOf(IHost edge)
    {
        return edge.Services.GetRequiredService<IEdgeSilo>();
    }

    public static IEdgeGateway GatewayAt(IHost core)
    {
        return core.Services.GetRequiredService<IEdgeGateway>();
    }

    public static IMachineGrain MachineOf(IHost core, IHost edge)
    {
        return GrainsOf(core).GetGrain<IMachineGrain>(SiloOf(edge).Identity);
    }

    public static IGrainFactory GrainsOf(IHost host)
    {
        return host.Services.GetRequiredService<IGrainFactory>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync().Within("stop of a host");
            host.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
