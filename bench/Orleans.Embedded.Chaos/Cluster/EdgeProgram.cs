using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Chaos.Grains;
using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>One edge silo; what a process at the edge of the cluster runs.</summary>
internal static class EdgeProgram
{
    public static Task<int> RunAsync(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        var configuration = builder.Configuration;
        SiloHost.LogToStandardError(builder.Logging);
        builder.UseEdgeSilo(edge =>
        {
            edge.UseEdgeKeyFile(configuration["KeyFile"]!);
            edge.Configure<SiloMessagingOptions>(ChaosCluster.SetTimeout);
            edge.Configure<EdgeSiloOptions>(options =>
            {
                foreach (var gateway in configuration.GetRequiredSection("Gateways").Get<Uri[]>()!)
                {
                    options.Gateways.Add(gateway);
                }

                options.Host<IEchoGrain>();
            });
        });
        var host = builder.Build();
        return SiloHost.RunAsync(host, async () =>
        {
            var edge = host.Services.GetRequiredService<IEdgeSilo>();
            await edge.WaitUntilConnectedAsync();
            return edge.Identity;
        });
    }
}
