using System.ComponentModel;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>Writes, reads and copies the values of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Codec<T>
{
    private protected Codec()
    {
    }

    /// <summary>How a value that is not null stands on the wire.</summary>
    internal abstract WireType WireType { get; }

    /// <summary>Whether a value is its own copy.</summary>
    internal virtual bool IsImmutable => false;

    /// <summary>Whether <see cref="IsNull"/> may hold, so that items of lists say whether they are there.</summary>
    internal virtual bool CanBeNull => default(T) is null;

    /// <summary>Writes a member: its number, and its value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="number">Its id plus one.</param>
    /// <param name="value">Its value.</param>
    public void WriteField(WireWriter writer, ulong number, T value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (IsNull(value))
        {
            writer.WriteField(number, WireType.Null);
        }
        else
        {
            writer.WriteField(number, WireType);
            Write(writer, value);
        }
    }

    /// <summary>Reads the value of a member.</summary>
    /// <param name="reader">Stands behind the member's head.</param>
    /// <param name="type">What the head says.</param>
    /// <exception cref="SerializerException">The bytes are not such a value.</exception>
    public T ReadField(ref WireReader reader, WireType type)
    {
        if (type == WireType)
        {
            return Read(ref reader);
        }

        return type == WireType.Null && CanBeNull ? default! : throw new SerializerException(
            $"A {typeof(T)} cannot be read from {type}: it stands on the wire as {WireType}. "
            + "The two sides do not agree on the type of a member.");
    }

    /// <summary>Copies a value, so that a change to one is not seen in the other.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scope">Where the copy is made.</param>
    /// <exception cref="SerializerException">The value contains itself, or one of a type without a codec.</exception>
    public T Copy(T value, CopyScope scope)
    {
        return IsImmutable || IsNull(value) ? value : CopyValue(value, scope);
    }

    internal virtual bool IsNull(T value)
    {
        return value is null;
    }

    /// <summary>Writes a value that is not null.</summary>
    internal abstract void Write(WireWriter writer, T value);

    internal abstract T Read(ref WireReader reader);

    /// <summary>Copies a value that is not null.</summary>
    internal virtual T CopyValue(T value, CopyScope scope)
    {
        return value;
    }
}
