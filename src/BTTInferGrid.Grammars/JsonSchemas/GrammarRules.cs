using System.Globalization;
using System.Numerics;
using System.Text;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>
/// Collects the rules of a grammar. Equal bodies share one rule, so a definition that is used in many places is written
/// once. The text never exceeds <see cref="Grammar.MaxLength"/>.
/// </summary>
/// <param name="path">Path of the schema, for errors.</param>
internal sealed class GrammarRules(string path)
{
    // GBNF's counts expand to a chain as long as the count, which is the cheaper form for short ones.
    private const int MaxChain = 8;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();

    /// <summary>A symbol for a body: the name of a rule, or the body itself when it is already a name.</summary>
    /// <exception cref="SchemaException">The grammar becomes too long.</exception>
    public string Named(string body, string? name = null)
    {
        if (body.Length > 0 && body.All(c => char.IsAsciiLetterOrDigit(c)))
        {
            return body;
        }

        if (!_names.TryGetValue(body, out var known))
        {
            known = name ?? string.Create(CultureInfo.InvariantCulture, $"r{_names.Count}");
            _names.Add(body, known);
            if (_text.Length + body.Length > Grammar.MaxLength)
            {
                throw TooLarge();
            }

            _text.Append(known).Append(" ::= ").Append(body).Append('\n');
        }

        return known;
    }

    /// <summary>A symbol that matches any of the options.</summary>
    public string Choice(IEnumerable<string> options)
    {
        var distinct = options.Distinct(StringComparer.Ordinal).ToList();
        return distinct is [var only] ? only : Named(string.Join(" | ", distinct.Select(option => option.Length == 0 ? "\"\"" : option)));
    }

    /// <summary>
    /// A body <paramref name="min"/> to <paramref name="max"/> times; null is without limit. Counts are composed of powers
    /// of two, so the rules and the matcher's items per byte grow only with the logarithm of a count.
    /// </summary>
    public string Repeated(string body, int min, int? max)
    {
        var symbol = Named(body);
        if (max is null)
        {
            return min switch
            {
                0 => $"{symbol}*",
                1 => $"{symbol}+",
                _ => $"{Exactly(symbol, min)} {symbol}*",
            };
        }

        return (min, max) switch
        {
            (_, 0) => "",
            (1, 1) => symbol,
            (0, 1) => $"{symbol}?",
            (_, <= MaxChain) => min == max
                ? string.Create(CultureInfo.InvariantCulture, $"{symbol}{{{min}}}")
                : string.Create(CultureInfo.InvariantCulture, $"{symbol}{{{min},{max}}}"),
            _ => $"{Exactly(symbol, min)} {UpTo(symbol, max.Value - min)}".Trim(),
        };
    }

    /// <summary>The whole grammar, whose texts are those of a body.</summary>
    /// <exception cref="SchemaException">The grammar exceeds a limit of <see cref="Grammar.Parse"/>.</exception>
    public string ToText(string root)
    {
        var text = $"root ::= {root}\n{_text}";
        try
        {
            Grammar.Parse(text);
            return text;
        }
        catch (GrammarException)
        {
            throw TooLarge();
        }
    }

    private SchemaException TooLarge() => SchemaException.Invalid(
        path,
        $"'{path}' is too large for a grammar: with references expanded, the grammar must fit {Grammar.MaxLength} characters."
        + " Use fewer properties, shorter enums, or less recursion.");

    private string Exactly(string symbol, int count)
    {
        var parts = new List<string>();
        for (var bit = 30; bit >= 0; bit--)
        {
            if ((count >> bit & 1) != 0)
            {
                parts.Add(PowerOfTwo(symbol, bit));
            }
        }

        return string.Join(' ', parts);
    }

    private string PowerOfTwo(string symbol, int exponent)
    {
        for (; exponent > 0; exponent--)
        {
            symbol = Named($"{symbol} {symbol}");
        }

        return symbol;
    }

    /// <summary>Fewer than the largest power of two in the count, or that power and up to the rest.</summary>
    private string UpTo(string symbol, int max)
    {
        if (max <= 1)
        {
            return max == 0 ? "" : $"{symbol}?";
        }

        var exponent = BitOperations.Log2((uint)max);
        var fewer = $"{symbol}?";
        for (var i = 1; i < exponent; i++)
        {
            fewer = Named($"{fewer} | {PowerOfTwo(symbol, i)} {fewer}");
        }

        return Named($"{fewer} | {PowerOfTwo(symbol, exponent)} {UpTo(symbol, max - (1 << exponent))}".TrimEnd());
    }
}
