using System.Globalization;
using System.Numerics;
using System.Text;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>
/// The rules of a grammar in the making. Equal bodies are one rule, so a definition that is used in many places is written
/// once. Bounded: it never grows beyond what the engine takes.
/// </summary>
/// <param name="path">Where the schema stands in the request, for error messages.</param>
internal sealed class GrammarRules(string path)
{
    // The engine's own counts make a chain as long as the count; short ones are cheaper so.
    private const int LongestChain = 8;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();

    /// <summary>A symbol for a body: the name of a rule, or the body where it is a name already.</summary>
    /// <exception cref="ApiException">The grammar gets too long.</exception>
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

    /// <summary>The options as one symbol.</summary>
    public string Choice(IEnumerable<string> options)
    {
        var distinct = options.Distinct(StringComparer.Ordinal).ToList();
        return distinct is [var only] ? only : Named(string.Join(" | ", distinct.Select(option => option.Length == 0 ? "\"\"" : option)));
    }

    /// <summary>
    /// A symbol from <paramref name="least"/> to <paramref name="most"/> times; null is without limit. Counts are put
    /// together from powers of two, so both the rules and what the matcher keeps per byte grow with their logarithm only.
    /// </summary>
    public string Repeated(string body, int least, int? most)
    {
        var symbol = Named(body);
        if (most is null)
        {
            return least switch
            {
                0 => $"{symbol}*",
                1 => $"{symbol}+",
                _ => $"{Exactly(symbol, least)} {symbol}*",
            };
        }

        return (least, most) switch
        {
            (_, 0) => "",
            (1, 1) => symbol,
            (0, 1) => $"{symbol}?",
            (_, <= LongestChain) => least == most
                ? string.Create(CultureInfo.InvariantCulture, $"{symbol}{{{least}}}")
                : string.Create(CultureInfo.InvariantCulture, $"{symbol}{{{least},{most}}}"),
            _ => $"{Exactly(symbol, least)} {UpTo(symbol, most.Value - least)}".Trim(),
        };
    }

    /// <summary>The grammar whose texts are those of a body.</summary>
    /// <exception cref="ApiException">The engine does not take it.</exception>
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

    private ApiException TooLarge() => ApiException.InvalidRequest(
        path,
        $"'{path}' is too large for a grammar: it must fit {Grammar.MaxLength} characters once references are written out."
        + " Use fewer properties, shorter enums, or less recursion.",
        "invalid_value");

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

    /// <summary>Either fewer than the largest power of two in the count, or that many and up to the rest.</summary>
    private string UpTo(string symbol, int most)
    {
        if (most <= 1)
        {
            return most == 0 ? "" : $"{symbol}?";
        }

        var exponent = BitOperations.Log2((uint)most);
        var fewer = $"{symbol}?";
        for (var i = 1; i < exponent; i++)
        {
            fewer = Named($"{fewer} | {PowerOfTwo(symbol, i)} {fewer}");
        }

        return Named($"{fewer} | {PowerOfTwo(symbol, exponent)} {UpTo(symbol, most - (1 << exponent))}".TrimEnd());
    }
}
