namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Sets of characters in regular expressions, as they stand in JSON strings.</summary>
internal static class PatternClass
{
    private const int Last = 0x10FFFF;

    private static readonly (int Low, int High)[] Digits = [('0', '9')];
    private static readonly (int Low, int High)[] Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    // Space to all regular expressions, and to those of ECMA 262: the one is written, neither where there must be none.
    private static readonly (int Low, int High)[] CommonSpace = [('\t', '\r'), (' ', ' ')];
    private static readonly (int Low, int High)[] Space =
    [
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
        (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ];

    // The characters that JSON strings escape and have a short escape for.
    private static readonly (int Character, string Json)[] Escapes =
        [('"', "\\\""), ('\\', "\\\\"), ('\b', "\\b"), ('\f', "\\f"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t")];

    /// <summary>
    /// The set that a letter behind a backslash stands for, in a class that is negated or not; null when it stands for none.
    /// </summary>
    public static IReadOnlyList<(int Low, int High)>? Shorthand(char letter, bool negated = false) => letter switch
    {
        'd' => Digits,
        'w' => Word,
        's' => negated ? Space : CommonSpace,
        'D' => Complement(Digits),
        'W' => Complement(Word),
        'S' => Complement(negated ? CommonSpace : Space),
        _ => null,
    };

    public static List<(int Low, int High)> Complement(IEnumerable<(int Low, int High)> ranges)
    {
        var complement = new List<(int Low, int High)>();
        var next = 0;
        foreach (var (low, high) in ranges.Order())
        {
            if (low > next)
            {
                complement.Add((next, low - 1));
            }

            next = Math.Max(next, high + 1);
        }

        if (next <= Last)
        {
            complement.Add((next, Last));
        }

        return complement;
    }

    /// <summary>The symbol for one character of a set.</summary>
    public static string Write(GrammarRules rules, IReadOnlyList<(int Low, int High)> ranges, PatternReader reader)
    {
        var options = new List<string>();
        var plain = string.Concat(ranges.SelectMany(Plain).Select(range => range.Low == range.High
            ? GrammarTexts.InClass(range.Low)
            : $"{GrammarTexts.InClass(range.Low)}-{GrammarTexts.InClass(range.High)}"));
        if (plain.Length > 0)
        {
            options.Add($"[{plain}]");
        }

        foreach (var (character, json) in Escapes)
        {
            if (ranges.Any(range => range.Low <= character && character <= range.High))
            {
                options.Add(GrammarTexts.Literal(json));
            }
        }

        return options.Count > 0 ? rules.Choice(options) : throw reader.Unsupported("a class without characters");
    }

    /// <summary>The parts of a range that JSON strings hold as they are.</summary>
    private static IEnumerable<(int Low, int High)> Plain((int Low, int High) range)
    {
        foreach (var (low, high) in ((int, int)[])[(' ', '!'), ('#', '['), (']', 0xD7FF), (0xE000, Last)])
        {
            if (range.Low <= high && range.High >= low)
            {
                yield return (Math.Max(range.Low, low), Math.Min(range.High, high));
            }
        }
    }
}
