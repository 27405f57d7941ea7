namespace Orleans.Embedded.Serialization;

/// <summary>Reads a value; a delegate of its own, because a reader cannot be a type argument.</summary>
internal delegate T ReadValue<out T>(ref WireReader reader);

/// <summary>A value without parts.</summary>
internal sealed class ScalarCodec<T>(WireType type, Action<WireWriter, T> write, ReadValue<T> read) : Codec<T>
{
    internal override WireType WireType => type;

    internal override bool IsImmutable => true;

    internal override void Write(WireWriter writer, T value)
    {
        write(writer, value);
    }

    internal override T Read(ref WireReader reader)
    {
        return read(ref reader);
    }
}
