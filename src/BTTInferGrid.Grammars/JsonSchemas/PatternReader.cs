using System.Globalization;
using System.Text;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>
/// Converts a regular expression, in the subset of ECMA 262 that describes regular languages, to rules for the content of a
/// JSON string. As in JSON Schema it matches anywhere in the text, unless anchored by <c>^</c> and <c>$</c>, which are
/// supported at the ends of the expression or of its outermost options.
/// </summary>
internal sealed class PatternReader(GrammarRules rules, string pattern, string path)
{
    private const int MaxLength = 1024;
    private const int MaxDepth = 16;
    private const int MaxRepeats = 10_000;

    private int _at;
    private int _depth;

    private char Current => _at < pattern.Length ? pattern[_at] : '\0';

    private bool AtEnd => _at >= pattern.Length;

    /// <summary>The sequence of symbols that the content of a string must match.</summary>
    /// <exception cref="SchemaException">The expression is too long, invalid or not supported.</exception>
    public string Read()
    {
        if (pattern.Length > MaxLength)
        {
            throw SchemaException.Invalid(
                path, $"'{path}' has {pattern.Length} characters; at most {MaxLength} are allowed.");
        }

        var options = new List<string>();
        do
        {
            var anything = $"{JsonRules.Character(rules)}*";
            var start = TryTake('^') ? "" : anything;
            var middle = Sequence();
            var end = TryTake('$') ? "" : anything;
            options.Add(string.Join(' ', new[] { start, middle, end }.Where(text => text.Length > 0)));
        }
        while (TryTake('|'));
        return AtEnd ? rules.Choice(options) : throw Unsupported($"an unexpected '{Current}'");
    }

    private string Sequence()
    {
        var terms = new List<string>();
        while (!AtEnd && Current is not ('|' or ')' or '$'))
        {
            terms.Add(Quantified(Atom()));
        }

        return string.Join(' ', terms.Where(term => term.Length > 0));
    }

    private string Quantified(string atom)
    {
        var (min, max) = (1, (int?)1);
        switch (Current)
        {
            case '*':
                (min, max) = (0, null);
                break;
            case '+':
                (min, max) = (1, null);
                break;
            case '?':
                (min, max) = (0, 1);
                break;
            case '{':
                (min, max) = Counts();
                break;
            default:
                return atom;
        }

        _at++;

        // A lazy quantifier matches the same texts as a greedy one.
        TryTake('?');
        return Current is '*' or '+' or '?' or '{' ? throw Unsupported("a second quantifier") : rules.Repeated(atom, min, max);
    }

    private (int Min, int? Max) Counts()
    {
        _at++;
        var min = Number();
        var max = (int?)min;
        if (TryTake(','))
        {
            max = Current == '}' ? null : Number();
        }

        return Current == '}' && min <= (max ?? min) ? (min, max) : throw Unsupported("braces without valid counts");
    }

    private int Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return int.TryParse(pattern.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= MaxRepeats
            ? number
            : throw Unsupported($"a count that is not a number from 0 to {MaxRepeats}");
    }

    private string Atom() => Current switch
    {
        '(' => Group(),
        '[' => CharacterClass.Write(rules, Class(), this),
        '.' => Take(JsonRules.Plain),
        '*' or '+' or '?' or '{' => throw Unsupported("a quantifier with nothing to repeat"),
        '^' => throw Unsupported("'^' inside the expression"),
        '\\' when CharacterClass.Shorthand(Peek()) is { } set => Take(2, CharacterClass.Write(rules, set, this)),
        _ => CharacterClass.Write(rules, [Character()], this),
    };

    private string Group()
    {
        if (++_depth > MaxDepth)
        {
            throw Unsupported($"groups more than {MaxDepth} deep");
        }

        _at++;
        if (TryTake('?') && !TryTake(':'))
        {
            throw Unsupported("a look-around or named group");
        }

        var options = new List<string>();
        do
        {
            options.Add(Sequence());
        }
        while (TryTake('|'));
        if (!TryTake(')'))
        {
            throw Unsupported(AtEnd ? "an unclosed group" : "'$' inside the expression");
        }

        _depth--;
        return rules.Named(rules.Choice(options));
    }

    /// <summary>The ranges of a class in brackets.</summary>
    private List<(int Low, int High)> Class()
    {
        _at++;
        var negated = TryTake('^');
        var ranges = new List<(int Low, int High)>();
        while (!TryTake(']'))
        {
            if (AtEnd)
            {
                throw Unsupported("an unclosed class");
            }

            if (Current == '\\' && CharacterClass.Shorthand(Peek(), negated) is { } set)
            {
                _at += 2;
                ranges.AddRange(set);
                continue;
            }

            var (low, _) = Character();
            var high = low;
            if (Current == '-' && Peek() is not (']' or '\0'))
            {
                _at++;
                (high, _) = Current == '\\' && CharacterClass.Shorthand(Peek()) is not null
                    ? throw Unsupported("a range that ends with a class")
                    : Character();
            }

            ranges.Add(low <= high ? (low, high) : throw Unsupported("a range in reverse order"));
        }

        return negated ? CharacterClass.Complement(ranges) : ranges;
    }

    /// <summary>One character, or an escape of one.</summary>
    private (int Low, int High) Character()
    {
        var character = Current == '\\'
            ? Escape()
            : Rune.TryGetRuneAt(pattern, _at, out var rune)
                ? Take(rune.Utf16SequenceLength, rune.Value)
                : throw Unsupported("a lone surrogate");
        return (character, character);
    }

    private int Escape() => Peek() switch
    {
        't' => Take(2, '\t'),
        'n' => Take(2, '\n'),
        'r' => Take(2, '\r'),
        'f' => Take(2, '\f'),
        'x' => Hexadecimal(2),
        'u' => Hexadecimal(4),
        var c when char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c) || c == ' ') => Take(2, c),
        _ => throw Unsupported("an escape other than that of a character, \\d, \\w or \\s"),
    };

    private int Hexadecimal(int digits)
    {
        _at += 2;
        return _at + digits <= pattern.Length
            && int.TryParse(
                pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.IsValid(value)
            ? Take(digits, value)
            : throw Unsupported("an escape that is not a character");
    }

    private char Peek() => _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';

    private string Take(string symbol) => Take(1, symbol);

    private T Take<T>(int length, T value)
    {
        _at += length;
        return value;
    }

    private bool TryTake(char expected)
    {
        if (AtEnd || pattern[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>The refusal of what is at the current position.</summary>
    public SchemaException Unsupported(string what) => SchemaException.Unsupported(
        path, $"has {what} (character {_at + 1}), which is not supported; simplify the pattern, or leave it out");
}
