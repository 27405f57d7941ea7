using System.ComponentModel;
using Orleans.Embedded.References;
using Orleans.Runtime;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>What all references of one interface to grains of one type have in common.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ReferenceBinding
{
    internal ReferenceBinding(GrainType grainType, GrainInterfaceType interfaceType, IReferenceRuntime runtime)
    {
        GrainType = grainType;
        InterfaceType = interfaceType;
        Runtime = runtime;
    }

    internal GrainType GrainType { get; }

    internal GrainInterfaceType InterfaceType { get; }

    internal IReferenceRuntime Runtime { get; }
}
