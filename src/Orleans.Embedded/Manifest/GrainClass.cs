using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>A grain class with what its attributes say.</summary>
internal sealed record GrainClass(
    Type Type, GrainType GrainType, Type[] Interfaces, PlacementStrategy Placement, bool IsReentrant);
