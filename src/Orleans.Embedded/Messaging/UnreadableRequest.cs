using Orleans.Embedded.CodeGeneration;
using Orleans.Serialization;

namespace Orleans.Embedded.Messaging;

/// <summary>A request that came but could not be read: it is answered with the reason.</summary>
internal sealed class UnreadableRequest(SerializerException error) : VoidGrainRequest
{
    private static readonly GrainMethod Unknown = new("unknown", "unknown", GrainMethodOptions.None);

    public SerializerException Error => error;

    public override GrainMethod Method => Unknown;

    public override ValueTask Invoke(object target)
    {
        throw error;
    }
}
