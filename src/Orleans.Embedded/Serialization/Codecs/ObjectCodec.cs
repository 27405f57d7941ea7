using System.ComponentModel;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// An object: a block of the name of its type, empty if that is the type declared, and of its numbered members. The
/// members of its base class are a block of their own, with the number 0. The generator writes subclasses.
/// </summary>
/// <typeparam name="T">The class.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ObjectCodec<T> : Codec<T>, IObjectCodec
    where T : class
{
    private readonly string _name;
    private readonly bool _isImmutable;

    /// <summary>Makes a codec.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="isImmutable">Whether a value is its own copy.</param>
    protected ObjectCodec(string name, bool isImmutable)
    {
        _name = name;
        _isImmutable = isImmutable;
    }

    Type IObjectCodec.Type => typeof(T);

    string IObjectCodec.Name => _name;

    internal sealed override WireType WireType => WireType.Block;

    internal override bool IsImmutable => _isImmutable;

    /// <summary>Writes the members of this class and its base classes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The object.</param>
    public abstract void WriteMembers(WireWriter writer, T value);

    /// <summary>Reads the members that are there and leaves the others as they are.</summary>
    /// <param name="value">The object.</param>
    /// <param name="reader">Reads the object's block.</param>
    public abstract void ReadMembers(T value, ref WireReader reader);

    /// <summary>Copies the members of this class and its base classes.</summary>
    /// <param name="from">The original.</param>
    /// <param name="to">The copy.</param>
    /// <param name="scope">Where the copy is made.</param>
    public abstract void CopyMembers(T from, T to, CopyScope scope);

    void IObjectCodec.WriteObject(WireWriter writer, object value)
    {
        WriteContent(writer, (T)value);
    }

    object IObjectCodec.ReadObject(ref WireReader block)
    {
        return ReadContent(ref block);
    }

    object IObjectCodec.CopyObject(object value, CopyScope scope)
    {
        return IsImmutable ? value : CopyExact((T)value, scope);
    }

    internal sealed override void Write(WireWriter writer, T value)
    {
        var start = writer.BeginBlock();
        if (value.GetType() == typeof(T))
        {
            writer.WriteText(string.Empty);
            WriteContent(writer, value);
        }
        else if (writer.Serializer.Types.Find(value.GetType()) is { } codec)
        {
            writer.WriteText(codec.Name);
            codec.WriteObject(writer, value);
        }
        else
        {
            WriteUnknown(writer, value);
        }

        writer.EndBlock(start);
    }

    internal sealed override T Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var name = block.ReadBytes();
        return name.IsEmpty ? ReadContent(ref block)
            : block.Serializer.Types.Find(name, typeof(T)) is { } codec ? (T)codec.ReadObject(ref block)
            : ReadUnknown(name, ref block);
    }

    internal sealed override T CopyValue(T value, CopyScope scope)
    {
        if (value.GetType() == typeof(T))
        {
            return CopyExact(value, scope);
        }

        var codec = scope.Serializer.Types.Find(value.GetType())
            ?? throw SerializerErrors.NoCodec(value.GetType(), typeof(T));
        return (T)codec.CopyObject(value, scope);
    }

    internal virtual void WriteContent(WireWriter writer, T value)
    {
        WriteMembers(writer, value);
    }

    internal virtual T ReadContent(ref WireReader block)
    {
        var value = Create();
        ReadMembers(value, ref block);
        return value;
    }

    internal virtual void WriteUnknown(WireWriter writer, T value)
    {
        throw SerializerErrors.NoCodec(value.GetType(), typeof(T));
    }

    internal virtual T ReadUnknown(ReadOnlySpan<byte> name, ref WireReader block)
    {
        throw WireTypes.Unknown(name, typeof(T));
    }

    /// <summary>Writes the members of the base class.</summary>
    /// <typeparam name="TBase">The base class.</typeparam>
    /// <param name="writer">Where to.</param>
    /// <param name="codec">The base class's codec.</param>
    /// <param name="value">The object.</param>
    protected static void WriteBase<TBase>(WireWriter writer, ObjectCodec<TBase> codec, TBase value)
        where TBase : class
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(codec);
        writer.WriteField(0, WireType.Block);
        var start = writer.BeginBlock();
        codec.WriteMembers(writer, value);
        writer.EndBlock(start);
    }

    /// <summary>Reads the members of the base class.</summary>
    /// <typeparam name="TBase">The base class.</typeparam>
    /// <param name="reader">Stands behind the head of that part.</param>
    /// <param name="type">What the head says.</param>
    /// <param name="codec">The base class's codec.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="SerializerException">The bytes are not such a part.</exception>
    protected static void ReadBase<TBase>(
        ref WireReader reader, WireType type, ObjectCodec<TBase> codec, TBase value)
        where TBase : class
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (type != WireType.Block)
        {
            throw new SerializerException($"The members of {typeof(TBase)} cannot be read from {type}.");
        }

        var part = reader.ReadBlock();
        codec.ReadMembers(value, ref part);
    }

    /// <summary>Makes an object whose members are read next.</summary>
    protected virtual T Create()
    {
        throw new SerializerException($"{typeof(T)} is abstract, so a message must name the derived type.");
    }

    private T CopyExact(T value, CopyScope scope)
    {
        var copy = Create();
        CopyMembers(value, copy, scope.Deeper());
        return copy;
    }
}
