using System.Buffers;
using System.Buffers.Binary;

namespace BTTInferGrid.Chain.Rlp;

/// <summary>Writes items as the Ethereum Yellow Paper's appendix B has them.</summary>
internal static class RlpEncoder
{
    /// <summary>Lengths from here on are written as bytes of their own.</summary>
    public const int LongLength = 56;

    public const byte BytesPrefix = 0x80;
    public const byte ListPrefix = 0xc0;

    public static byte[] Encode(RlpItem item)
    {
        var writer = new ArrayBufferWriter<byte>();
        Write(writer, item);
        return writer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> writer, RlpItem item)
    {
        if (item.IsList)
        {
            var content = new ArrayBufferWriter<byte>();
            foreach (var child in item.Items)
            {
                Write(content, child);
            }

            WriteLength(writer, ListPrefix, content.WrittenCount);
            writer.Write(content.WrittenSpan);
        }
        else
        {
            // A byte below the prefix of bytes stands for itself.
            var bytes = item.Bytes.Span;
            if (bytes.Length != 1 || bytes[0] >= BytesPrefix)
            {
                WriteLength(writer, BytesPrefix, bytes.Length);
            }

            writer.Write(bytes);
        }
    }

    private static void WriteLength(ArrayBufferWriter<byte> writer, byte prefix, int length)
    {
        if (length < LongLength)
        {
            writer.Write([(byte)(prefix + length)]);
            return;
        }

        Span<byte> digits = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(digits, length);
        digits = digits.TrimStart((byte)0);
        writer.Write([(byte)(prefix + LongLength - 1 + digits.Length)]);
        writer.Write(digits);
    }
}
