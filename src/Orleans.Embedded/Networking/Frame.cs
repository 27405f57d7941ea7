using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Embedded.Networking;

/// <summary>The unit that crosses a connection: four bytes of length, lowest first, one of kind, and the payload.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlySequence<byte> Payload)
{
    public const int HeaderBytes = 5;

    public static void WriteHeader(Span<byte> header, FrameKind kind, int payloadBytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, payloadBytes);
        header[4] = (byte)kind;
    }

    /// <summary>Takes the next frame off a buffer; false while it has not come whole.</summary>
    /// <exception cref="ConnectionClosedException">The frame is larger than allowed.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxPayloadBytes, out Frame frame)
    {
        frame = default;
        if (buffer.Length < HeaderBytes)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length > maxPayloadBytes)
        {
            throw new ConnectionClosedException(new CloseReason(
                CloseCode.TooLarge, $"A frame of {length} bytes came; at most {maxPayloadBytes} are allowed here."));
        }

        if (buffer.Length < HeaderBytes + length)
        {
            return false;
        }

        frame = new Frame((FrameKind)header[4], buffer.Slice(HeaderBytes, length));
        buffer = buffer.Slice(HeaderBytes + length);
        return true;
    }
}
