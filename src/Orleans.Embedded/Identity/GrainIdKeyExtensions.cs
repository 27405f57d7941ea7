using System.Buffers.Text;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Keys of grains that are not text: an integer key is written in upper-case hexadecimal.</summary>
public static class GrainIdKeyExtensions
{
    private const int LongestIntegerKey = 16;

    /// <summary>Makes the key of a grain with an integer key.</summary>
    /// <param name="key">The integer.</param>
    public static IdSpan CreateIntegerKey(long key)
    {
        Span<byte> digits = stackalloc byte[LongestIntegerKey];
        Utf8Formatter.TryFormat(key, digits, out var length, new System.Buffers.StandardFormat('X'));
        return new IdSpan(digits[..length].ToArray());
    }

    /// <summary>Reads the key of a grain with an integer key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <exception cref="InvalidOperationException">The key is not an integer.</exception>
    public static long GetIntegerKey(this GrainId grainId)
    {
        var key = grainId.Key.AsSpan();
        if (Utf8Parser.TryParse(key, out long value, out var consumed, 'X') && consumed == key.Length)
        {
            return value;
        }

        throw new InvalidOperationException(
            $"The key '{Encoding.UTF8.GetString(key)}' of grain {grainId} is not an integer key. "
            + "Read it as the kind of key that the grain's interface declares.");
    }
}
