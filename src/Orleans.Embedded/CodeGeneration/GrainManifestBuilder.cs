using System.ComponentModel;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>Collects the grain interfaces and classes that the silo knows.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainManifestBuilder
{
    internal GrainManifestBuilder()
    {
    }

    internal List<GrainInterface> Interfaces { get; } = [];

    internal List<GrainImplementation> Implementations { get; } = [];

    /// <summary>Adds a grain interface.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="name">Its name, or its alias.</param>
    /// <param name="createProxy">Makes a reference.</param>
    public void AddInterface(
        Type interfaceType, string name, Func<ReferenceBinding, IdSpan, GrainReference> createProxy)
    {
        Interfaces.Add(new GrainInterface(interfaceType, GrainInterfaceType.Create(name), createProxy));
    }

    /// <summary>Adds a grain class.</summary>
    /// <param name="grainClass">The class.</param>
    /// <param name="interfaces">All grain interfaces it implements.</param>
    public void AddGrain(Type grainClass, params Type[] interfaces)
    {
        Implementations.Add(new GrainImplementation(grainClass, interfaces));
    }
}
