using System.Globalization;
using System.Net;
using BTTInferGrid.Grains.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>
/// A silo, configured as the product's: <c>DATABASE PORT GATEWAY-PORT [CERTIFICATES]</c>. It says <c>ready</c> when it is one
/// of the cluster, and ends when its standard input does or at a signal.
/// </summary>
public static class Program
{
    public const string Ready = "ready";

    public static async Task Main(string[] arguments)
    {
        using var host = Build(
            arguments[0],
            int.Parse(arguments[1], CultureInfo.InvariantCulture),
            int.Parse(arguments[2], CultureInfo.InvariantCulture),
            arguments.Length > 3 ? TestCertificates.Load(arguments[3]) : null);
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
    }

    /// <summary>The host of a silo, which is not started.</summary>
    internal static IHost Build(string database, int port, int gatewayPort, ClusterTls? tls = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.UsePostgresCluster(database, new IPEndPoint(IPAddress.Loopback, port), gatewayPort);
            if (tls is not null)
            {
                silo.UseClusterTls(tls);
            }
        });
        return builder.Build();
    }
}
