namespace Orleans.Embedded.Serialization;

/// <summary>Bytes as a block of themselves.</summary>
internal sealed class BytesCodec : Codec<byte[]>
{
    internal override WireType WireType => WireType.Block;

    internal override void Write(WireWriter writer, byte[] value)
    {
        writer.WriteBytes(value);
    }

    internal override byte[] Read(ref WireReader reader)
    {
        return reader.ReadBytes().ToArray();
    }

    internal override byte[] CopyValue(byte[] value, CopyScope scope)
    {
        return value.AsSpan().ToArray();
    }
}

/// <inheritdoc cref="BytesCodec"/>
internal sealed class MemoryCodec : Codec<Memory<byte>>
{
    internal override WireType WireType => WireType.Block;

    internal override void Write(WireWriter writer, Memory<byte> value)
    {
        writer.WriteBytes(value.Span);
    }

    internal override Memory<byte> Read(ref WireReader reader)
    {
        return reader.ReadBytes().ToArray();
    }

    internal override Memory<byte> CopyValue(Memory<byte> value, CopyScope scope)
    {
        return value.ToArray();
    }
}

/// <inheritdoc cref="BytesCodec"/>
internal sealed class ReadOnlyMemoryCodec : Codec<ReadOnlyMemory<byte>>
{
    internal override WireType WireType => WireType.Block;

    internal override void Write(WireWriter writer, ReadOnlyMemory<byte> value)
    {
        writer.WriteBytes(value.Span);
    }

    internal override ReadOnlyMemory<byte> Read(ref WireReader reader)
    {
        return reader.ReadBytes().ToArray();
    }

    internal override ReadOnlyMemory<byte> CopyValue(ReadOnlyMemory<byte> value, CopyScope scope)
    {
        return value.ToArray();
    }
}
