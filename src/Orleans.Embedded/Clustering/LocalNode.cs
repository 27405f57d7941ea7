using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>Who this silo or client is.</summary>
internal sealed record LocalNode(string Name, string ClusterId, SiloAddress Address);
