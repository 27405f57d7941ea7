using BTTInferGrid.Grains.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>A client of the cluster, configured as the product's, in the process of the test.</summary>
internal static class ClusterClient
{
    /// <summary>Longest wait for an answer: what a caller that wants to try elsewhere would set.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    /// <exception cref="OperationCanceledException">No gateway took it in the time.</exception>
    public static async Task<IHost> ConnectAsync(string database, ClusterTls? tls = null, TimeSpan? patience = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UsePostgresCluster(database);
            client.Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = ResponseTimeout);
            if (tls is not null)
            {
                client.UseClusterTls(tls);
            }
        });
        var host = builder.Build();
        using var limit = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(60));
        try
        {
            await host.StartAsync(limit.Token);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public static ILedgerGrain Ledger(this IHost client, string name) =>
        client.Services.GetRequiredService<IClusterClient>().GetGrain<ILedgerGrain>("ledger/" + name);
}
