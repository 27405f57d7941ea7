using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>One core silo; what a process of the cluster runs.</summary>
internal static class SiloProgram
{
    /// <summary>What the process prints when it is a member.</summary>
    public const string Ready = "The silo is active.";

    public static async Task<int> RunAsync(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        var configuration = builder.Configuration;
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(static console => console.TimestampFormat = "HH:mm:ss.fff ");
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
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
        });
        var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
        return Environment.ExitCode;
    }

    private static void Use(ConfigurationManager configuration, AdoNetClusteringSiloOptions options)
    {
        options.Invariant = configuration["Invariant"]!;
        options.ConnectionString = configuration["Database"];
    }
}
