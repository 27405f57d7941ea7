using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>A grain interface, how references of it are made, and whether its grains run on edge silos.</summary>
internal sealed record GrainInterface(
    Type Type,
    GrainInterfaceType Name,
    Func<ReferenceBinding, IdSpan, GrainReference> CreateProxy,
    bool IsEdgeHosted = false);

/// <summary>A grain class and the grain interfaces it implements.</summary>
internal sealed record GrainImplementation(Type GrainClass, Type[] Interfaces);
