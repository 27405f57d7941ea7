using System.Text;

namespace BTTInferGrid.Grammars.Gbnf;

/// <summary>Ranges of code points, and the byte sequences that encode them in UTF-8.</summary>
internal static class CodePoints
{
    public const int Max = 0x10FFFF;

    /// <summary>The ranges in order, without overlap and without surrogates, which UTF-8 cannot encode.</summary>
    public static List<(int Low, int High)> Normalized(IEnumerable<(int Low, int High)> ranges, bool negated)
    {
        var merged = new List<(int Low, int High)>();
        foreach (var (low, high) in ranges.Where(range => range.Low <= range.High).Order())
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1)
            {
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, high));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        return [.. (negated ? Complement(merged) : merged).SelectMany(WithoutSurrogates)];
    }

    /// <summary>The UTF-8 of a range: sequences of byte sets, each of which matches whole code points.</summary>
    public static IEnumerable<ByteSet[]> Utf8(int low, int high)
    {
        foreach (var last in (int[])[0x7F, 0x7FF, 0xFFFF, Max])
        {
            if (low <= last && low <= high)
            {
                var end = Math.Min(high, last);
                foreach (var sequence in SameLength(low, end))
                {
                    yield return sequence;
                }

                low = end + 1;
            }
        }
    }

    /// <summary>Splits a range of code points of equal length until the bytes vary independently.</summary>
    private static IEnumerable<ByteSet[]> SameLength(int low, int high)
    {
        var length = new Rune(low).Utf8SequenceLength;
        for (var i = 1; i < length; i++)
        {
            var tail = (1 << (6 * i)) - 1;
            if ((low & ~tail) == (high & ~tail))
            {
                continue;
            }

            if ((low & tail) != 0)
            {
                return SameLength(low, low | tail).Concat(SameLength((low | tail) + 1, high));
            }

            if ((high & tail) != tail)
            {
                return SameLength(low, (high & ~tail) - 1).Concat(SameLength(high & ~tail, high));
            }
        }

        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        new Rune(low).EncodeToUtf8(first);
        new Rune(high).EncodeToUtf8(last);
        var bytes = new ByteSet[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = ByteSet.Range(first[i], last[i]);
        }

        return [bytes];
    }

    private static IEnumerable<(int Low, int High)> Complement(List<(int Low, int High)> ranges)
    {
        var next = 0;
        foreach (var (low, high) in ranges)
        {
            if (low > next)
            {
                yield return (next, low - 1);
            }

            next = high + 1;
        }

        if (next <= Max)
        {
            yield return (next, Max);
        }
    }

    private static IEnumerable<(int Low, int High)> WithoutSurrogates((int Low, int High) range)
    {
        if (range.Low < 0xD800)
        {
            yield return (range.Low, Math.Min(range.High, 0xD7FF));
        }

        if (range.High > 0xDFFF)
        {
            yield return (Math.Max(range.Low, 0xE000), range.High);
        }
    }
}
