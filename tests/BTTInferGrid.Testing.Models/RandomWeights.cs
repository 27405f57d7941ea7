using System.Buffers.Binary;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Testing.Models;

/// <summary>
/// Random weights, scaled so that a layer neither explodes nor fades: a deviation of 1/sqrt(columns).
/// </summary>
internal static class RandomWeights
{
    public static void Write(Stream output, GgufTensorType type, int columns, int rows, ulong seed)
    {
        var row = new float[columns];
        var bytes = new byte[columns / type.BlockElements * type.BlockBytes];

        // The sum of three uniform numbers in [-1, 1] has a deviation of 1.
        var scale = 1 / MathF.Sqrt(columns);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                row[c] = scale * (Uniform(ref seed) + Uniform(ref seed) + Uniform(ref seed));
            }

            Encode(type, row, bytes);
            output.Write(bytes);
        }
    }

    public static void WriteOnes(Stream output, int count)
    {
        var bytes = new byte[4 * count];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), 1);
        }

        output.Write(bytes);
    }

    public static void Encode(GgufTensorType type, ReadOnlySpan<float> row, Span<byte> bytes)
    {
        if (type == GgufTensorType.Q80)
        {
            Blocks(row, bytes);
            return;
        }

        for (var c = 0; c < row.Length; c++)
        {
            if (type == GgufTensorType.F16)
            {
                BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * c)..], (Half)row[c]);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * c)..], row[c]);
            }
        }
    }

    /// <summary>Q8_0: a 16-bit scale and 32 bytes with sign.</summary>
    private static void Blocks(ReadOnlySpan<float> row, Span<byte> bytes)
    {
        for (int block = 0, at = 0; block < row.Length; block += 32, at += 34)
        {
            var numbers = row.Slice(block, 32);
            var largest = 0f;
            foreach (var number in numbers)
            {
                largest = MathF.Max(largest, MathF.Abs(number));
            }

            BinaryPrimitives.WriteHalfLittleEndian(bytes[at..], (Half)(largest / 127));
            for (var i = 0; i < 32; i++)
            {
                bytes[at + 2 + i] = (byte)(sbyte)(largest == 0 ? 0 : MathF.Round(numbers[i] * 127 / largest));
            }
        }
    }

    private static float Uniform(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((int)((z ^ (z >> 31)) >> 40) - (1 << 23)) / (float)(1 << 23);
    }
}
