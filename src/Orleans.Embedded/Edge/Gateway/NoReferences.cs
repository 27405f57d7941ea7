using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.References;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>
/// Refuses grain references that come from an edge silo: whatever is called through one would be called with the rights of
/// the grain that got it, and not with those of the edge silo.
/// </summary>
internal sealed class NoReferences : IReferenceRuntime
{
    public Task<T> Call<T>(GrainReference target, GrainRequest<T> request)
    {
        throw Refusal();
    }

    public Task Call(GrainReference target, VoidGrainRequest request)
    {
        throw Refusal();
    }

    public void Send(GrainReference target, GrainRequest request)
    {
        throw Refusal();
    }

    public IAsyncEnumerable<T> Enumerate<T>(GrainReference target, StreamGrainRequest<T> request)
    {
        throw Refusal();
    }

    public IAddressable CreateReference(Type interfaceType, GrainId grainId)
    {
        throw Refusal();
    }

    public GrainReference CreateReference(GrainId grainId)
    {
        throw Refusal();
    }

    private static SerializerException Refusal()
    {
        return new SerializerException("An edge silo may not send references to grains. Send the key of the grain.");
    }
}
