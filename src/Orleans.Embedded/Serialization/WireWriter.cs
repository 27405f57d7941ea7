using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Text;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>Writes the wire format into one growing buffer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WireWriter : IDisposable
{
    private const int MaxVarintBytes = 10;
    private readonly Serializer? _serializer;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);
    private int _length;
    private int _depth;

    internal WireWriter(Serializer? serializer)
    {
        _serializer = serializer;
    }

    internal Serializer Serializer => _serializer ?? throw SerializerErrors.NoTypes();

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    internal void WriteField(ulong number, WireType type)
    {
        WriteVarint((number << 3) | (byte)type);
    }

    internal void WriteVarint(ulong value)
    {
        var span = Reserve(MaxVarintBytes);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        _length += count;
    }

    internal void WriteSigned(long value)
    {
        WriteVarint((ulong)((value << 1) ^ (value >> 63)));
    }

    internal void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        _length += sizeof(uint);
    }

    internal void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    internal void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)value.Length);
        value.CopyTo(Reserve(value.Length));
        _length += value.Length;
    }

    internal void WriteText(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)count);
        _length += Encoding.UTF8.GetBytes(value, Reserve(count));
    }

    /// <summary>Begins a block whose length is not known yet; pass the result to <see cref="EndBlock"/>.</summary>
    internal int BeginBlock()
    {
        if (++_depth > WireLimits.MaxDepth)
        {
            throw SerializerErrors.TooDeep();
        }

        Reserve(1);
        return ++_length;
    }

    /// <summary>Sets the length of a block; a long one moves up to make room.</summary>
    internal void EndBlock(int start)
    {
        _depth--;
        var count = _length - start;
        if (count < 0x80)
        {
            _buffer[start - 1] = (byte)count;
            return;
        }

        var shift = VarintBytes((uint)count) - 1;
        Reserve(shift);
        Buffer.BlockCopy(_buffer, start, _buffer, start + shift, count);
        _length = start - 1;
        WriteLength((uint)count);
        _length += count;
    }

    private static int VarintBytes(uint value)
    {
        var count = 1;
        while ((value >>= 7) != 0)
        {
            count++;
        }

        return count;
    }

    /// <summary>As <see cref="WriteVarint"/>, but touches only the bytes it writes.</summary>
    private void WriteLength(uint value)
    {
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    private Span<byte> Reserve(int count)
    {
        if (count > _buffer.Length - _length)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var needed = (long)_length + count;
        if (needed > WireLimits.MaxBytes)
        {
            throw new SerializerException(
                $"The message is longer than {WireLimits.MaxBytes} bytes. Send it in parts, or as a stream.");
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, 2L * _buffer.Length));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
