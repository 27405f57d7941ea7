using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>The id of a grain: its type and its key.</summary>
internal sealed class GrainIdCodec() : StructCodec<GrainId>(isImmutable: true)
{
    protected override void WriteMembers(WireWriter writer, ref GrainId value)
    {
        writer.WriteBytes(value.Type.Value.AsSpan());
        writer.WriteBytes(value.Key.AsSpan());
    }

    protected override void ReadMembers(ref GrainId value, ref WireReader reader)
    {
        var type = reader.ReadBytes();
        var key = reader.ReadBytes();
        value = new GrainId(new GrainType(Span(type)), Span(key));
    }

    protected override void CopyMembers(ref GrainId value, CopyScope scope)
    {
    }

    private static IdSpan Span(ReadOnlySpan<byte> bytes)
    {
        return bytes.IsEmpty ? default : new IdSpan(bytes.ToArray());
    }
}

/// <summary>The name of a kind of grain.</summary>
internal sealed class GrainTypeCodec() : StructCodec<GrainType>(isImmutable: true)
{
    protected override void WriteMembers(WireWriter writer, ref GrainType value)
    {
        writer.WriteBytes(value.Value.AsSpan());
    }

    protected override void ReadMembers(ref GrainType value, ref WireReader reader)
    {
        value = new GrainType(new IdSpan(reader.ReadBytes().ToArray()));
    }

    protected override void CopyMembers(ref GrainType value, CopyScope scope)
    {
    }
}

/// <summary>
/// A reference to a grain by the grain's id. The reader's side binds it to its own silo and to the interface declared.
/// </summary>
internal sealed class ReferenceCodec<T> : Codec<T>
    where T : class, IAddressable
{
    private readonly GrainIdCodec _id = new();

    internal override WireType WireType => WireType.Block;

    internal override bool IsImmutable => true;

    internal override void Write(WireWriter writer, T value)
    {
        _id.Write(writer, value is GrainReference reference ? reference.GrainId : throw new SerializerException(
            $"{value} is a grain, not a reference to one. Pass this.AsReference<{typeof(T).Name}>()."));
    }

    internal override T Read(ref WireReader reader)
    {
        var id = _id.Read(ref reader);
        var references = reader.Serializer.References;
        object reference = typeof(T).IsAssignableFrom(typeof(GrainReference))
            ? references.CreateReference(id)
            : references.CreateReference(typeof(T), id);
        return (T)reference;
    }
}
