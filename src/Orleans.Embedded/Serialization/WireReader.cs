using System.Buffers.Binary;
using System.ComponentModel;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Reads the wire format from bytes that nobody vouches for. Each block is read by a reader of its own, which cannot
/// leave it, so every length and count is checked against the bytes that are there before anything is allocated.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly Serializer? _serializer;
    private readonly int _depth;
    private int _position;

    internal WireReader(ReadOnlySpan<byte> data, Serializer? serializer)
        : this(data, serializer, 0)
    {
    }

    private WireReader(ReadOnlySpan<byte> data, Serializer? serializer, int depth)
    {
        _data = data;
        _depth = depth;
        _serializer = serializer;
    }

    internal readonly Serializer Serializer => _serializer ?? throw SerializerErrors.NoTypes();

    internal readonly int Remaining => _data.Length - _position;

    /// <summary>Reads the head of the next member, if the block has one more.</summary>
    /// <param name="number">The member's number: 0 for the part of the base class, else its id plus one.</param>
    /// <param name="type">How its value stands on the wire.</param>
    /// <exception cref="SerializerException">The bytes are not the format.</exception>
    public bool TryReadField(out ulong number, out WireType type)
    {
        if (Remaining == 0)
        {
            number = 0;
            type = WireType.Null;
            return false;
        }

        var key = ReadVarint();
        number = key >> 3;
        type = ReadWireType((byte)(key & 7));
        return true;
    }

    /// <summary>Passes over the value of a member that is not known.</summary>
    /// <param name="type">How it stands on the wire.</param>
    /// <exception cref="SerializerException">The bytes are not the format.</exception>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Block:
                ReadBytes();
                break;
        }
    }

    internal static WireType ReadWireType(byte value)
    {
        return value <= (byte)WireType.Null
            ? (WireType)value
            : throw new SerializerException($"{value} is not a wire type: the message is damaged.");
    }

    internal ulong ReadVarint()
    {
        var result = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return shift == 63 && next > 1 ? throw SerializerErrors.OutOfRange() : result;
            }
        }

        throw SerializerErrors.OutOfRange();
    }

    internal long ReadSigned()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal uint ReadFixed32()
    {
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
    }

    internal ulong ReadFixed64()
    {
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    internal byte ReadByte()
    {
        return _position < _data.Length ? _data[_position++] : throw SerializerErrors.Truncated();
    }

    internal ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)Remaining ? Take((int)length) : throw SerializerErrors.Truncated();
    }

    /// <summary>A reader of the block that follows.</summary>
    internal WireReader ReadBlock()
    {
        return _depth < WireLimits.MaxDepth
            ? new WireReader(ReadBytes(), _serializer, _depth + 1)
            : throw SerializerErrors.TooDeep();
    }

    /// <summary>The number of items that follow; each of them takes at least so many bytes.</summary>
    internal int ReadCount(int minBytes)
    {
        var count = ReadVarint();
        return count <= (ulong)(Remaining / minBytes) ? (int)count : throw SerializerErrors.Truncated();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw SerializerErrors.Truncated();
        }

        var taken = _data.Slice(_position, count);
        _position += count;
        return taken;
    }
}
