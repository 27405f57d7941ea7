using System.Globalization;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Numbers as rules.</summary>
internal static class NumberTexts
{
    /// <summary>Digits behind the point of a number in a range.</summary>
    public const int FractionDigits = 6;

    private const string Fraction = "(\".\" [0-9]{1,6})?";

    /// <summary>Any integer that a double holds exactly.</summary>
    public static string Integer(GrammarRules rules) =>
        rules.Named($"\"0\" | \"-\"? [1-9] {rules.Repeated("[0-9]", 0, 14)}", "integer");

    /// <summary>Any number that is finite as a double.</summary>
    public static string Number(GrammarRules rules) => rules.Named(
        $"\"-\"? (\"0\" | [1-9] {rules.Repeated("[0-9]", 0, 14)}) (\".\" {rules.Repeated("[0-9]", 1, 15)})?"
        + " ([Ee] [\\x2B\\x2D]? [0-9]{1,2})?",
        "number");

    /// <summary>The integers between two, both included.</summary>
    public static string Integers(GrammarRules rules, long least, long most)
    {
        var options = new List<string>();
        if (least < 0)
        {
            options.Add($"\"-\" {Digits(rules, Math.Max(1, -most), -least)}");
        }

        if (most >= 0)
        {
            options.Add(Digits(rules, Math.Max(0, least), most));
        }

        return rules.Choice(options);
    }

    /// <summary>The numbers of a range that is not empty, without exponents.</summary>
    public static string Numbers(GrammarRules rules, NumberRange range)
    {
        var options = new List<string>();
        if (range.Least < 0)
        {
            var (nearest, excluded) = range.Most < 0 ? (-range.Most, range.MostExcluded) : (0, true);
            options.AddRange(Magnitudes(rules, new NumberRange(nearest, excluded, -range.Least, range.LeastExcluded))
                .Select(magnitude => $"\"-\" {magnitude}"));
        }

        if (range.Most >= 0)
        {
            var (nearest, excluded) = range.Least < 0 ? (0, false) : (range.Least, range.LeastExcluded);
            options.AddRange(Magnitudes(rules, new NumberRange(nearest, excluded, range.Most, range.MostExcluded)));
        }

        return rules.Choice(options);
    }

    private static IEnumerable<string> Magnitudes(GrammarRules rules, NumberRange range)
    {
        var whole = range.Least + (range.LeastExcluded ? 1 : 0);
        if (whole < range.Most)
        {
            yield return $"{Digits(rules, whole, range.Most - 1)} {Fraction}";
        }

        if (range.LeastExcluded && range.Least < range.Most)
        {
            yield return $"{Digits(rules, range.Least, range.Least)} \".\" [0-9]{{0,5}} [1-9]";
        }

        if (!range.MostExcluded && !range.IsEmpty)
        {
            yield return Digits(rules, range.Most, range.Most);
        }
    }

    /// <summary>The numbers without sign between two, both included, without leading zeros.</summary>
    private static string Digits(GrammarRules rules, long least, long most)
    {
        var options = new List<string>();
        for (var first = least; first <= most;)
        {
            var text = first.ToString(CultureInfo.InvariantCulture);
            var longest = long.Parse(new string('9', text.Length), CultureInfo.InvariantCulture);
            var last = Math.Min(longest, most);
            options.Add(SameLength(rules, text, last.ToString(CultureInfo.InvariantCulture)));
            first = last + 1;
        }

        return rules.Choice(options);
    }

    private static string SameLength(GrammarRules rules, string least, string most)
    {
        if (least == most)
        {
            return least.Length == 0 ? "" : GrammarTexts.Literal(least);
        }

        var (low, high) = (least[0], most[0]);
        var (zeros, nines) = (new string('0', least.Length - 1), new string('9', least.Length - 1));
        if (low == high)
        {
            return $"\"{low}\" {SameLength(rules, least[1..], most[1..])}";
        }

        // First digits whose other digits are free stand together; the lowest and highest may have a part of their own.
        var options = new List<string>();
        if (least[1..] != zeros)
        {
            options.Add($"\"{low++}\" {SameLength(rules, least[1..], nines)}");
        }

        var apart = most[1..] != nines ? $"\"{high--}\" {SameLength(rules, zeros, most[1..])}" : null;
        if (low <= high)
        {
            var digits = low == high ? $"\"{low}\"" : $"[{low}-{high}]";
            options.Add($"{digits} {rules.Repeated("[0-9]", zeros.Length, zeros.Length)}".TrimEnd());
        }

        if (apart is not null)
        {
            options.Add(apart);
        }

        return rules.Choice(options);
    }
}
