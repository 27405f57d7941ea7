using System.Globalization;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Rules for integers and numbers, within bounds or without.</summary>
internal static class NumberRules
{
    /// <summary>Maximum number of digits after the decimal point of a number within bounds.</summary>
    public const int FractionDigits = 6;

    private const string Fraction = "(\".\" [0-9]{1,6})?";

    /// <summary>Any integer of up to 15 digits, which a double represents exactly.</summary>
    public static string Integer(GrammarRules rules) =>
        rules.Named($"\"0\" | \"-\"? [1-9] {rules.Repeated("[0-9]", 0, 14)}", "integer");

    /// <summary>Any number within the range of a double.</summary>
    public static string Number(GrammarRules rules) => rules.Named(
        $"\"-\"? (\"0\" | [1-9] {rules.Repeated("[0-9]", 0, 14)}) (\".\" {rules.Repeated("[0-9]", 1, 15)})?"
        + " ([Ee] [\\x2B\\x2D]? [0-9]{1,2})?",
        "number");

    /// <summary>The integers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static string Integers(GrammarRules rules, long min, long max)
    {
        var options = new List<string>();
        if (min < 0)
        {
            options.Add($"\"-\" {Digits(rules, Math.Max(1, -max), -min)}");
        }

        if (max >= 0)
        {
            options.Add(Digits(rules, Math.Max(0, min), max));
        }

        return rules.Choice(options);
    }

    /// <summary>The numbers of a non-empty range, without exponents.</summary>
    public static string Numbers(GrammarRules rules, NumberRange range)
    {
        var options = new List<string>();
        if (range.Min < 0)
        {
            var (nearest, excluded) = range.Max < 0 ? (-range.Max, range.MaxExcluded) : (0, true);
            options.AddRange(Magnitudes(rules, new NumberRange(nearest, excluded, -range.Min, range.MinExcluded))
                .Select(magnitude => $"\"-\" {magnitude}"));
        }

        if (range.Max >= 0)
        {
            var (nearest, excluded) = range.Min < 0 ? (0, false) : (range.Min, range.MinExcluded);
            options.AddRange(Magnitudes(rules, new NumberRange(nearest, excluded, range.Max, range.MaxExcluded)));
        }

        return rules.Choice(options);
    }

    private static IEnumerable<string> Magnitudes(GrammarRules rules, NumberRange range)
    {
        var whole = range.Min + (range.MinExcluded ? 1 : 0);
        if (whole < range.Max)
        {
            yield return $"{Digits(rules, whole, range.Max - 1)} {Fraction}";
        }

        if (range.MinExcluded && range.Min < range.Max)
        {
            yield return $"{Digits(rules, range.Min, range.Min)} \".\" [0-9]{{0,5}} [1-9]";
        }

        if (!range.MaxExcluded && !range.IsEmpty)
        {
            yield return Digits(rules, range.Max, range.Max);
        }
    }

    /// <summary>The unsigned integers from <paramref name="min"/> to <paramref name="max"/>, without leading zeros.</summary>
    private static string Digits(GrammarRules rules, long min, long max)
    {
        var options = new List<string>();
        for (var first = min; first <= max;)
        {
            var text = first.ToString(CultureInfo.InvariantCulture);
            var nines = long.Parse(new string('9', text.Length), CultureInfo.InvariantCulture);
            var last = Math.Min(nines, max);
            options.Add(SameLength(rules, text, last.ToString(CultureInfo.InvariantCulture)));
            first = last + 1;
        }

        return rules.Choice(options);
    }

    private static string SameLength(GrammarRules rules, string min, string max)
    {
        if (min == max)
        {
            return min.Length == 0 ? "" : GbnfText.Literal(min);
        }

        var (low, high) = (min[0], max[0]);
        var (zeros, nines) = (new string('0', min.Length - 1), new string('9', min.Length - 1));
        if (low == high)
        {
            return $"\"{low}\" {SameLength(rules, min[1..], max[1..])}";
        }

        // First digits that any digits may follow share one option; the lowest and the highest may need options of their own.
        var options = new List<string>();
        if (min[1..] != zeros)
        {
            options.Add($"\"{low++}\" {SameLength(rules, min[1..], nines)}");
        }

        var highest = max[1..] != nines ? $"\"{high--}\" {SameLength(rules, zeros, max[1..])}" : null;
        if (low <= high)
        {
            var digits = low == high ? $"\"{low}\"" : $"[{low}-{high}]";
            options.Add($"{digits} {rules.Repeated("[0-9]", zeros.Length, zeros.Length)}".TrimEnd());
        }

        if (highest is not null)
        {
            options.Add(highest);
        }

        return rules.Choice(options);
    }
}
