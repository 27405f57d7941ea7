namespace Orleans.Runtime.Placement;

/// <summary>A grain to place, and the request that it is activated for.</summary>
/// <param name="grainIdentity">The grain.</param>
/// <param name="requestContextData">The values that came with the request.</param>
/// <param name="interfaceType">The interface that is called.</param>
/// <param name="interfaceVersion">The interface's version.</param>
public readonly struct PlacementTarget(
    GrainId grainIdentity,
    Dictionary<string, object> requestContextData,
    GrainInterfaceType interfaceType,
    ushort interfaceVersion)
{
    /// <summary>The grain.</summary>
    public GrainId GrainIdentity { get; } = grainIdentity;

    /// <summary>The values that came with the request.</summary>
    public Dictionary<string, object> RequestContextData { get; } = requestContextData;

    /// <summary>The interface that is called.</summary>
    public GrainInterfaceType InterfaceType { get; } = interfaceType;

    /// <summary>The interface's version; always 0.</summary>
    public ushort InterfaceVersion { get; } = interfaceVersion;
}
