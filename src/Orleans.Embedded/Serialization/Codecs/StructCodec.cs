using System.ComponentModel;

namespace Orleans.Embedded.Serialization;

/// <summary>A structure by its numbered members; the generator writes subclasses.</summary>
/// <typeparam name="T">The structure.</typeparam>
/// <param name="isImmutable">Whether a value is its own copy.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StructCodec<T>(bool isImmutable) : Codec<T>
    where T : struct
{
    internal sealed override WireType WireType => WireType.Block;

    internal sealed override bool IsImmutable => isImmutable;

    internal sealed override void Write(WireWriter writer, T value)
    {
        var start = writer.BeginBlock();
        WriteMembers(writer, ref value);
        writer.EndBlock(start);
    }

    internal sealed override T Read(ref WireReader reader)
    {
        var value = default(T);
        var block = reader.ReadBlock();
        ReadMembers(ref value, ref block);
        return value;
    }

    internal sealed override T CopyValue(T value, CopyScope scope)
    {
        CopyMembers(ref value, scope.Deeper());
        return value;
    }

    /// <summary>Writes the members.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    protected abstract void WriteMembers(WireWriter writer, ref T value);

    /// <summary>Reads the members that are there and leaves the others as they are.</summary>
    /// <param name="value">The value.</param>
    /// <param name="reader">Reads the value's block.</param>
    protected abstract void ReadMembers(ref T value, ref WireReader reader);

    /// <summary>Replaces each member by a copy.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scope">Where the copy is made.</param>
    protected abstract void CopyMembers(ref T value, CopyScope scope);
}
