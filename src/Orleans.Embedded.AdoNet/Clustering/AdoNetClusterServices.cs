using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.AdoNet;

/// <summary>Registers membership and directory in a database.</summary>
internal static class AdoNetClusterServices
{
    private const string User = "The cluster's database";

    public static void AddAdoNetCluster(
        this IServiceCollection services,
        Func<IServiceProvider, (string Invariant, string? ConnectionString)> source)
    {
        // Two databases, that is connections: renewals never wait for the directory.
        services.AddSingleton<IMembershipTable>(
            provider => new AdoNetMembershipTable(Open(provider), ClusterOf(provider)));
        services.AddSingleton(
            provider => AdoNetGrainDirectory.Create(Open(provider), ClusterOf(provider)));
        services.AddSingleton<IGrainDirectoryStore>(
            static provider => provider.GetRequiredService<AdoNetGrainDirectory>());
        services.AddLeasedMembership();
        if (!services.Any(static service => service.ServiceType == typeof(IMessageTransport)))
        {
            services.AddTcpTransport();
        }

        Database Open(IServiceProvider provider)
        {
            var (invariant, connectionString) = source(provider);
            return Database.Open(User, invariant, connectionString, DatabaseUse.Cluster);
        }

        static string ClusterOf(IServiceProvider provider)
        {
            return provider.GetRequiredService<LocalNode>().ClusterId;
        }
    }
}
