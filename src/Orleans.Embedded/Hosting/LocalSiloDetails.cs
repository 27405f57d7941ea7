using System.Net;
using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>What this silo knows of itself.</summary>
internal sealed class LocalSiloDetails(LocalNode node) : ILocalSiloDetails
{
    public string Name => node.Name;

    public string ClusterId => node.ClusterId;

    public string DnsHostName { get; } = Dns.GetHostName();

    public SiloAddress SiloAddress => node.Address;
}
