using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace BTTInferGrid.Inference;

/// <summary>
/// Reads the head of a model file from front to back. Every length is compared with what the file has left, and with
/// the most a head may take, before a byte is read or reserved for it.
/// </summary>
internal sealed class GgufCursor(Stream stream, string path)
{
    /// <summary>The most bytes before the tensors' data: some 30 times what the largest vocabularies need.</summary>
    public const int MostHeadBytes = 256 << 20;

    private const int FirstRead = 64 << 10;

    private readonly long _length = stream.Length;
    private byte[] _buffer = [];
    private int _filled;

    public int Position { get; private set; }

    public long Length => _length;

    public string Path => path;

    /// <summary>What is being read; errors name it together with the part of it.</summary>
    public string Where { get; set; } = "file";

    /// <summary>All that was read so far. A later read may move it.</summary>
    public ReadOnlyMemory<byte> Buffer => _buffer.AsMemory(0, _filled);

    public ReadOnlySpan<byte> Take(ulong count, string part)
    {
        if (count > (ulong)(_length - Position))
        {
            Fail(part, $"takes {count} bytes, but the file has {_length - Position} left");
        }

        if (count > (ulong)(MostHeadBytes - Position))
        {
            Fail(part, $"takes {count} bytes, and all metadata may take {MostHeadBytes}");
        }

        var start = Position;
        Position += (int)count;
        Fill(part);
        return _buffer.AsSpan(start, (int)count);
    }

    public uint UInt32(string part) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, part));

    public ulong UInt64(string part) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, part));

    /// <summary>Reads a length of at most <paramref name="most"/> and then that many bytes.</summary>
    public ReadOnlySpan<byte> Text(string part, uint most)
    {
        var length = UInt64(part);
        if (length > most)
        {
            Position -= 8;
            Fail(part, $"has a length of {length} bytes; the most is {most}");
        }

        return Take(length, part);
    }

    [DoesNotReturn]
    public void Fail(string part, string reason) => Fail(part, Position, reason);

    [DoesNotReturn]
    public void Fail(string part, long offset, string reason) =>
        throw new ModelFileException(path, part.Length == 0 ? Where : $"{Where} {part}", offset, reason);

    private void Fill(string part)
    {
        if (Position <= _filled)
        {
            return;
        }

        if (Position > _buffer.Length)
        {
            var size = Math.Max(Position, Math.Min(_length, Math.Max(FirstRead, _buffer.Length * 2L)));
            Array.Resize(ref _buffer, (int)Math.Min(size, MostHeadBytes));
        }

        var wanted = Position - _filled;
        var read = stream.ReadAtLeast(_buffer.AsSpan(_filled), wanted, throwOnEndOfStream: false);
        _filled += read;
        if (read < wanted)
        {
            Fail(part, "ends early; the file became shorter while it was read");
        }
    }
}
