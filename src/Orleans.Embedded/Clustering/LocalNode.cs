using System.Net;
using System.Security.Cryptography;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Clustering;

/// <summary>Who this silo or client is.</summary>
internal sealed record LocalNode(string Name, string ClusterId, SiloAddress Address)
{
    /// <summary>What a silo says of itself to all.</summary>
    public SiloMetadata Metadata { get; init; } = SiloMetadata.Empty;

    /// <summary>Tells this run from another one that was given the same address by mistake.</summary>
    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>A client, which nobody connects to: its address only has to be its own.</summary>
    public static LocalNode ForClient(string name, string clusterId)
    {
        var port = RandomNumberGenerator.GetInt32(1, IPEndPoint.MaxPort + 1);
        var generation = -RandomNumberGenerator.GetInt32(1, int.MaxValue);
        return new LocalNode(name, clusterId, SiloAddress.New(IPAddress.Loopback, port, generation));
    }
}
