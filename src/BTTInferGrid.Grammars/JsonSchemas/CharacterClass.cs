using BTTInferGrid.Grammars.Gbnf;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Sets of characters in regular expressions, as JSON strings write them.</summary>
internal static class CharacterClass
{
    private static readonly (int Low, int High)[] Digits = [('0', '9')];
    private static readonly (int Low, int High)[] Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    // White space in every dialect of regular expressions, and in ECMA 262. A class writes only the first, and a negated class
    // excludes the second, so that each text matches in every dialect.
    private static readonly (int Low, int High)[] CommonSpace = [('\t', '\r'), (' ', ' ')];
    private static readonly (int Low, int High)[] Space =
    [
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
        (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ];

    // The characters that JSON strings must escape and that have a short escape.
    private static readonly (int Character, string Json)[] Escapes =
        [('"', "\\\""), ('\\', "\\\\"), ('\b', "\\b"), ('\f', "\\f"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t")];

    /// <summary>
    /// The set that a letter after a backslash stands for, by whether it is in a negated class; null for other letters.
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

    /// <summary>All characters outside the ranges.</summary>
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

        if (next <= CodePoints.Max)
        {
            complement.Add((next, CodePoints.Max));
        }

        return complement;
    }

    /// <summary>The symbol for one character of a set.</summary>
    /// <exception cref="SchemaException">No JSON string has a character of the set.</exception>
    public static string Write(GrammarRules rules, IReadOnlyList<(int Low, int High)> ranges, PatternReader reader)
    {
        var options = new List<string>();
        var plain = string.Concat(ranges.SelectMany(Plain).Select(range => range.Low == range.High
            ? GbnfText.InClass(range.Low)
            : $"{GbnfText.InClass(range.Low)}-{GbnfText.InClass(range.High)}"));
        if (plain.Length > 0)
        {
            options.Add($"[{plain}]");
        }

        foreach (var (character, json) in Escapes)
        {
            if (ranges.Any(range => range.Low <= character && character <= range.High))
            {
                options.Add(GbnfText.Literal(json));
            }
        }

        return options.Count > 0 ? rules.Choice(options) : throw reader.Unsupported("a class without characters");
    }

    /// <summary>The parts of a range that JSON strings write without an escape.</summary>
    private static IEnumerable<(int Low, int High)> Plain((int Low, int High) range)
    {
        foreach (var (low, high) in ((int, int)[])[(' ', '!'), ('#', '['), (']', 0xD7FF), (0xE000, CodePoints.Max)])
        {
            if (range.Low <= high && range.High >= low)
            {
                yield return (Math.Max(range.Low, low), Math.Min(range.High, high));
            }
        }
    }
}
