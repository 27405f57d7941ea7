using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>One core silo, which is a gateway of edge silos too; what a process of the cluster runs.</summary>
internal static class SiloProgram
{
    /// <summary>Where edge silos come to, below the address of the silo's web server.</summary>
    public const string EdgePath = "/edge";

    public static Task<int> RunAsync(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        var configuration = builder.Configuration;
        SiloHost.LogToStandardError(builder.Logging);
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) => Use(configuration, options));
            silo.AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions options) =>
            {
                options.Invariant = configuration["Invariant"]!;
                options.ConnectionString = configuration["Database"];
            });
            silo.Configure<EndpointOptions>(options =>
            {
                options.SiloPort = configuration.GetValue<int>("Port");
                options.GatewayPort = 0;
            });
            silo.Configure<SiloMessagingOptions>(ChaosCluster.SetTimeout);
            silo.Configure<SiloLeaseOptions>(configuration.GetSection("Lease"));
            silo.Configure<SiloOptions>(options => options.SiloName = configuration["Name"]!);
            silo.AddEdgeGateway();
            silo.AddEdgeKeys(static keys => keys.AllowAnyKey = true);
        });
        var application = builder.Build();
        application.MapEdgeSilos(EdgePath);
        return SiloHost.RunAsync(application, () => Task.FromResult(configuration["Name"]!));
    }

    private static void Use(ConfigurationManager configuration, AdoNetClusteringSiloOptions options)
    {
        options.Invariant = configuration["Invariant"]!;
        options.ConnectionString = configuration["Database"];
    }
}
