using System.Buffers.Binary;

namespace BTTInferGrid.Chain.Abi;

/// <summary>
/// Encodes values. A tuple is a head, in which static values stand and dynamic ones are pointed to, and behind it the
/// dynamic values in their order.
/// </summary>
internal sealed class AbiWriter
{
    public const int WordBytes = 32;

    private byte[] _bytes = new byte[16 * WordBytes];
    private int _end;
    private int _start;
    private int _head;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _end);

    /// <summary>Writes what stands before the first tuple: a function's selector, or code.</summary>
    public void Prefix(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Begins a tuple at the end of what is written.</summary>
    /// <param name="headBytes">The size of its head: the sum of its members' <see cref="AbiCodec{T}.HeadBytes"/>.</param>
    /// <returns>What <see cref="End"/> wants.</returns>
    public Outer Begin(int headBytes)
    {
        var outer = new Outer(_start, _head);
        _start = _head = _end;
        Append(headBytes);
        return outer;
    }

    /// <summary>Ends a tuple.</summary>
    public void End(Outer outer) => (_start, _head) = outer;

    /// <summary>Writes the next member of the tuple.</summary>
    public void Add<T>(AbiCodec<T> codec, T value)
    {
        if (codec.IsDynamic)
        {
            WriteCount(HeadWord(), _end - _start);
        }

        codec.Write(this, value);
    }

    /// <summary>The next word of the tuple's head, which is zero.</summary>
    public Span<byte> HeadWord()
    {
        var word = _bytes.AsSpan(_head, WordBytes);
        _head += WordBytes;
        return word;
    }

    /// <summary>A word with a count at the end of what is written.</summary>
    public void AppendCount(int count) => WriteCount(Append(WordBytes), count);

    /// <summary>Room for bytes at the end of what is written, filled up to whole words with zeros.</summary>
    public Span<byte> AppendPadded(int bytes) => Append((bytes + WordBytes - 1) / WordBytes * WordBytes)[..bytes];

    private static void WriteCount(Span<byte> word, int count) => BinaryPrimitives.WriteInt32BigEndian(word[^4..], count);

    private Span<byte> Append(int bytes)
    {
        var needed = checked(_end + bytes);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, checked(_bytes.Length * 2)));
        }

        var room = _bytes.AsSpan(_end, bytes);
        _end = needed;
        return room;
    }

    /// <summary>The tuple around the one that was begun.</summary>
    internal readonly record struct Outer(int Start, int Head);
}
