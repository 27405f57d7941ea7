using Orleans.Runtime;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// The two nodes that a message crosses between. Both know them, so a message names its sender and target only where they
/// are others.
/// </summary>
/// <param name="From">Who puts it on the wire.</param>
/// <param name="To">Who takes it off.</param>
internal readonly record struct MessageEnds(SiloAddress From, SiloAddress To);
