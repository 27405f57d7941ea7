using System.Buffers.Binary;

namespace BTTInferGrid.Inference.Tests.Models.Fuzzing;

/// <summary>Damages a file as broken disks, wrong tools and attackers do.</summary>
internal sealed class ByteMutator(Random random)
{
    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 9, 12, 13, 31, 32, 33, 63, 64, 127, 128, 255, 256, 4095, 65535, 65536, 1 << 20, 1 << 24,
        int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue - 7,
        ulong.MaxValue,
    ];

    /// <summary>A copy with one to six changes, most of them among the first <paramref name="head"/> bytes.</summary>
    public byte[] Mutate(byte[] file, int head)
    {
        var bytes = (byte[])file.Clone();
        for (var left = random.Next(1, 7); left > 0 && bytes.Length > 16; left--)
        {
            bytes = Change(bytes, random.Next(Math.Min(random.Next(10) == 0 ? bytes.Length : head, bytes.Length - 8)));
        }

        return bytes;
    }

    private byte[] Change(byte[] bytes, int at)
    {
        var length = random.Next(1, 1 + Math.Min(64, bytes.Length - at));
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)Numbers[random.Next(Numbers.Length)]);
                return bytes;
            case 3 or 4:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Numbers[random.Next(Numbers.Length)]);
                return bytes;
            case 5:
                return random.Next(8) == 0 ? bytes[..at] : bytes;
            case 6:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 7:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            default:
                bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }
}
