using System.ComponentModel;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>Collects the grain interfaces, classes and serialised types that the silo knows.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainManifestBuilder
{
    internal GrainManifestBuilder()
    {
    }

    internal List<GrainInterface> Interfaces { get; } = [];

    internal List<GrainImplementation> Implementations { get; } = [];

    internal List<Func<GrainRequest>> Requests { get; } = [];

    internal List<IObjectCodec> Types { get; } = [];

    /// <summary>Adds a grain interface.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="name">Its name, or its alias.</param>
    /// <param name="createProxy">Makes a reference.</param>
    /// <param name="isEdgeHosted">Whether its grains run on edge silos.</param>
    public void AddInterface(
        Type interfaceType,
        string name,
        Func<ReferenceBinding, IdSpan, GrainReference> createProxy,
        bool isEdgeHosted = false)
    {
        Interfaces.Add(new GrainInterface(interfaceType, GrainInterfaceType.Create(name), createProxy, isEdgeHosted));
    }

    /// <summary>Adds a grain class.</summary>
    /// <param name="grainClass">The class.</param>
    /// <param name="interfaces">All grain interfaces it implements.</param>
    public void AddGrain(Type grainClass, params Type[] interfaces)
    {
        Implementations.Add(new GrainImplementation(grainClass, interfaces));
    }

    /// <summary>Adds a method of a grain interface.</summary>
    /// <param name="createRequest">Makes a request without arguments.</param>
    public void AddRequest(Func<GrainRequest> createRequest)
    {
        Requests.Add(createRequest);
    }

    /// <summary>Adds a class whose objects a message may name.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="codec">Its codec, which knows its name.</param>
    public void AddType<T>(ObjectCodec<T> codec)
        where T : class
    {
        Types.Add(codec);
    }

    /// <summary>Adds a structure whose values a message may name.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="name">Its name, or its alias.</param>
    /// <param name="codec">Its codec.</param>
    public void AddType<T>(string name, StructCodec<T> codec)
        where T : struct
    {
        Types.Add(new BoxedCodec<T>(name, codec));
    }
}
