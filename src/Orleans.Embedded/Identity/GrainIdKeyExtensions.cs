using System.Buffers.Text;

namespace Orleans.Runtime;

/// <summary>
/// Keys of grains that are not text: an integer key is written in upper-case hexadecimal, a GUID as 32 lower-case
/// hexadecimal digits.
/// </summary>
public static class GrainIdKeyExtensions
{
    private const int LongestIntegerKey = 16;
    private const int GuidKeyLength = 32;

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
    /// <exception cref="ArgumentException">The key is not an integer.</exception>
    public static long GetIntegerKey(this GrainId grainId)
    {
        var key = grainId.Key.AsSpan();
        if (Utf8Parser.TryParse(key, out long value, out var consumed, 'X') && consumed == key.Length)
        {
            return value;
        }

        throw NotOfKind(grainId, "an integer key");
    }

    /// <summary>Makes the key of a grain with a GUID as its key.</summary>
    /// <param name="key">The GUID.</param>
    public static IdSpan CreateGuidKey(Guid key)
    {
        Span<byte> digits = stackalloc byte[GuidKeyLength];
        Utf8Formatter.TryFormat(key, digits, out _, new System.Buffers.StandardFormat('N'));
        return new IdSpan(digits.ToArray());
    }

    /// <summary>Reads the key of a grain with a GUID as its key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <exception cref="ArgumentException">The key is not a GUID.</exception>
    public static Guid GetGuidKey(this GrainId grainId)
    {
        var key = grainId.Key.AsSpan();
        if (Utf8Parser.TryParse(key, out Guid value, out var consumed, 'N') && consumed == key.Length)
        {
            return value;
        }

        throw NotOfKind(grainId, "a GUID");
    }

    private static ArgumentException NotOfKind(GrainId grainId, string kind)
    {
        return new ArgumentException(
            $"The key '{grainId.Key}' of grain {grainId} is not {kind}. "
            + "Read it as the kind of key that the grain's interface declares.");
    }
}
