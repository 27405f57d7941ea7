using System.Buffers.Binary;

namespace BTTInferGrid.Chain.Abi;

/// <summary>
/// Decodes what <see cref="AbiWriter"/> writes and nothing else: values stand in their order without gaps and without
/// overlaps, padding is zero, and nothing is left over. That is how Solidity encodes, and it bounds what is read by the
/// bytes that are there, whoever sent them.
/// </summary>
internal sealed class AbiReader(ReadOnlyMemory<byte> bytes)
{
    private const int WordBytes = AbiWriter.WordBytes;
    private int _end;
    private int _start;
    private int _head;

    public int Left => bytes.Length - _end;

    /// <summary>Passes what stands before the first tuple.</summary>
    public void Skip(int count) => Take(count);

    /// <summary>Begins a tuple behind all that has been read.</summary>
    /// <param name="headBytes">The size of its head.</param>
    /// <returns>What <see cref="End"/> wants.</returns>
    public AbiWriter.Outer Begin(int headBytes)
    {
        var outer = new AbiWriter.Outer(_start, _head);
        _start = _head = _end;
        Take(headBytes);
        return outer;
    }

    /// <summary>Ends a tuple.</summary>
    public void End(AbiWriter.Outer outer) => (_start, _head) = (outer.Start, outer.Head);

    /// <summary>Reads the next member of the tuple.</summary>
    public T Next<T>(AbiCodec<T> codec)
    {
        if (codec.IsDynamic && ReadCount(HeadWord(), bytes.Length) is var offset && offset != _end - _start)
        {
            throw new AbiException($"A value of type {codec.Type} is said to be at byte {offset} of its tuple and is at {_end - _start}.");
        }

        return codec.Read(this);
    }

    /// <summary>The next word of the tuple's head.</summary>
    public ReadOnlySpan<byte> HeadWord()
    {
        var word = bytes.Span.Slice(_head, WordBytes);
        _head += WordBytes;
        return word;
    }

    /// <summary>A count behind all that has been read.</summary>
    /// <param name="most">The most that there can be.</param>
    public int TakeCount(int most) => ReadCount(Take(WordBytes), most);

    /// <summary>Bytes behind all that has been read, which zeros fill up to whole words.</summary>
    public ReadOnlySpan<byte> TakePadded(int count)
    {
        // A count was checked against what is left, so this cannot overflow.
        var padded = Take((int)((count + (WordBytes - 1L)) / WordBytes * WordBytes));
        return padded[count..].ContainsAnyExcept((byte)0)
            ? throw new AbiException("The padding of bytes is not zero.")
            : padded[..count];
    }

    /// <summary>Nothing may be left.</summary>
    public void Finish()
    {
        if (Left != 0)
        {
            throw new AbiException($"{Left} bytes are left behind the last value.");
        }
    }

    private static int ReadCount(ReadOnlySpan<byte> word, int most)
    {
        var count = BinaryPrimitives.ReadUInt32BigEndian(word[^4..]);
        return word[..^4].ContainsAnyExcept((byte)0) || count > (uint)most
            ? throw new AbiException($"A count or an offset is over {most}, which is all that the bytes can hold.")
            : (int)count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw new AbiException($"The bytes end at {bytes.Length}, within a value.");
        }

        var taken = bytes.Span.Slice(_end, count);
        _end += count;
        return taken;
    }
}
