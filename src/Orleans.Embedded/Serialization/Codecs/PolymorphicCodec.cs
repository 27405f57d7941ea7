namespace Orleans.Embedded.Serialization;

/// <summary>A value that may be of any type that messages may name: a block of the name and the value.</summary>
internal sealed class PolymorphicCodec<T> : Codec<T>
    where T : class
{
    internal override WireType WireType => WireType.Block;

    internal override void Write(WireWriter writer, T value)
    {
        var codec = writer.Serializer.Types.Find(value.GetType())
            ?? throw SerializerErrors.NoCodec(value.GetType(), typeof(T));
        var start = writer.BeginBlock();
        writer.WriteText(codec.Name);
        codec.WriteObject(writer, value);
        writer.EndBlock(start);
    }

    internal override T Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var name = block.ReadBytes();
        var codec = block.Serializer.Types.Find(name, typeof(T)) ?? throw WireTypes.Unknown(name, typeof(T));
        return (T)codec.ReadObject(ref block);
    }

    internal override T CopyValue(T value, CopyScope scope)
    {
        var codec = scope.Serializer.Types.Find(value.GetType())
            ?? throw SerializerErrors.NoCodec(value.GetType(), typeof(T));
        return (T)codec.CopyObject(value, scope);
    }
}

/// <summary>A value that is no object of a generated codec, where any type may stand.</summary>
internal sealed class BoxedCodec<T>(string name, Codec<T> codec) : IObjectCodec
    where T : notnull
{
    public Type Type => typeof(T);

    public string Name => name;

    public void WriteObject(WireWriter writer, object value)
    {
        codec.WriteField(writer, 1, (T)value);
    }

    public object ReadObject(ref WireReader block)
    {
        var value = default(T);
        while (block.TryReadField(out var number, out var type))
        {
            if (number == 1)
            {
                value = codec.ReadField(ref block, type);
            }
            else
            {
                block.Skip(type);
            }
        }

        return value ?? throw SerializerErrors.Truncated();
    }

    public object CopyObject(object value, CopyScope scope)
    {
        return codec.IsImmutable ? value : codec.Copy((T)value, scope);
    }
}
