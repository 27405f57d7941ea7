namespace BTTInferGrid.Chain.Abi;

/// <summary>
/// Tuples: structs, and what a function takes or returns. One without dynamic members stands where its members would.
/// </summary>
/// <typeparam name="T">What a tuple is here.</typeparam>
internal abstract class AbiTupleCodec<T> : AbiCodec<T>
{
    public sealed override int HeadBytes => IsDynamic ? AbiWriter.WordBytes : MemberHeadBytes;

    /// <summary>The sum of the members' <see cref="AbiCodec{T}.HeadBytes"/>.</summary>
    protected abstract int MemberHeadBytes { get; }

    /// <summary>A tuple that stands alone, encoded.</summary>
    /// <param name="prefix">What stands before it: a function's selector, or code.</param>
    /// <param name="value">The tuple.</param>
    public byte[] Encode(ReadOnlySpan<byte> prefix, T value)
    {
        var writer = new AbiWriter();
        writer.Prefix(prefix);
        var outer = writer.Begin(MemberHeadBytes);
        WriteMembers(writer, value);
        writer.End(outer);
        return writer.Written.ToArray();
    }

    /// <summary>A tuple that stands alone, decoded.</summary>
    /// <param name="prefixBytes">How many bytes stand before it.</param>
    /// <param name="bytes">Those and the tuple.</param>
    /// <exception cref="AbiException">The bytes are not just such a tuple.</exception>
    public T Decode(int prefixBytes, ReadOnlyMemory<byte> bytes)
    {
        var reader = new AbiReader(bytes);
        reader.Skip(prefixBytes);
        var outer = reader.Begin(MemberHeadBytes);
        var value = ReadMembers(reader);
        reader.End(outer);
        reader.Finish();
        return value;
    }

    internal sealed override void Write(AbiWriter writer, T value)
    {
        if (!IsDynamic)
        {
            WriteMembers(writer, value);
            return;
        }

        var outer = writer.Begin(MemberHeadBytes);
        WriteMembers(writer, value);
        writer.End(outer);
    }

    internal sealed override T Read(AbiReader reader)
    {
        if (!IsDynamic)
        {
            return ReadMembers(reader);
        }

        var outer = reader.Begin(MemberHeadBytes);
        var value = ReadMembers(reader);
        reader.End(outer);
        return value;
    }

    /// <summary>Writes each member by <see cref="AbiWriter.Add"/>.</summary>
    protected abstract void WriteMembers(AbiWriter writer, T value);

    /// <summary>Reads each member by <see cref="AbiReader.Next"/>.</summary>
    protected abstract T ReadMembers(AbiReader reader);
}
