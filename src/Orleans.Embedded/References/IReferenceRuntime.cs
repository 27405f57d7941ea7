using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Embedded.References;

/// <summary>What a grain reference needs of the runtime it is bound to.</summary>
internal interface IReferenceRuntime
{
    Task<T> Call<T>(GrainReference target, GrainRequest<T> request);

    Task Call(GrainReference target, VoidGrainRequest request);

    void Send(GrainReference target, GrainRequest request);

    IAsyncEnumerable<T> Enumerate<T>(GrainReference target, StreamGrainRequest<T> request);

    IAddressable CreateReference(Type interfaceType, GrainId grainId);

    /// <summary>Makes a reference without an interface.</summary>
    GrainReference CreateReference(GrainId grainId);
}
