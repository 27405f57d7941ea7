using System.Globalization;
using System.Text;

namespace BTTInferGrid.Grammars.Gbnf;

/// <summary>Parses GBNF. Recursion is limited to nested groups, whose depth is limited.</summary>
internal sealed class GrammarParser(string text)
{
    private const string Root = "root";
    private const int MaxDepth = 64;
    private const int MaxRepeats = 2000;

    private readonly GrammarBuilder _builder = new();
    private int _at;
    private int _depth;

    private char Current => _at < text.Length ? text[_at] : '\0';

    /// <exception cref="GrammarException">The text is too long, invalid or incomplete, or no text matches it.</exception>
    public Grammar Parse()
    {
        if (text.Length > Grammar.MaxLength)
        {
            throw new GrammarException(Grammar.MaxLength, $"it has more than {Grammar.MaxLength} characters");
        }

        for (Space(newlines: true); _at < text.Length; Space(newlines: true))
        {
            Rule();
        }

        return _builder.Build(Root);
    }

    private void Rule()
    {
        var start = _at;
        var name = Name();
        var reference = _builder.Reference(name);
        if (_builder.IsDefined(reference))
        {
            throw new GrammarException(start, $"rule '{name}' is defined twice");
        }

        Space(newlines: false);
        Require("::=");
        Space(newlines: true);
        _builder.Define(reference, Alternatives(nested: false), start);
        if (_at < text.Length && Current is not ('\r' or '\n'))
        {
            throw Expected("more of the rule, or a new line");
        }
    }

    private List<int[]> Alternatives(bool nested)
    {
        var alternatives = new List<int[]> { Sequence(nested) };
        while (Current == '|')
        {
            _at++;
            Space(newlines: true);
            alternatives.Add(Sequence(nested));
        }

        return alternatives;
    }

    private int[] Sequence(bool nested)
    {
        var symbols = new List<int>();
        while (Item() is { } item)
        {
            var start = _at;
            for (Space(nested); Current is '*' or '+' or '?' or '{'; Space(nested))
            {
                var single = item is [var one] ? one : _builder.Anonymous([[.. item]], start);
                var (min, max) = Repeats(nested);
                item = _builder.Repeated(single, min, max, start);
            }

            symbols.AddRange(item);
            if (symbols.Count > GrammarBuilder.MaxSymbols)
            {
                throw new GrammarException(start, $"a rule expands to more than {GrammarBuilder.MaxSymbols} symbols");
            }
        }

        return [.. symbols];
    }

    /// <summary>One repeatable item; null at the end of the sequence.</summary>
    private List<int>? Item() => Current switch
    {
        '"' => Literal(),
        '[' => [Class()],
        '(' => [Group()],
        '.' => [Any()],
        '<' or '!' => throw Expected("text; tokens by name or number are not supported"),
        _ when IsWord(Current) => [_builder.Reference(Name())],
        _ => null,
    };

    private List<int> Literal()
    {
        var symbols = new List<int>();
        Span<byte> bytes = stackalloc byte[4];
        for (_at++; Current != '"';)
        {
            var length = new Rune(Character()).EncodeToUtf8(bytes);
            foreach (var value in bytes[..length])
            {
                symbols.Add(_builder.Terminal(default(ByteSet).With(value)));
            }
        }

        _at++;
        return symbols;
    }

    private int Class()
    {
        var start = _at++;
        var negated = Current == '^';
        _at += negated ? 1 : 0;
        var ranges = new List<(int Low, int High)>();
        while (Current != ']')
        {
            var low = Character();
            var high = low;
            if (Current == '-' && _at + 1 < text.Length && text[_at + 1] != ']')
            {
                _at++;
                high = Character();
            }

            ranges.Add((low, high));
        }

        _at++;
        return _builder.Class(ranges, negated, start);
    }

    private int Any() => _builder.Class([], negated: true, _at++);

    private int Group()
    {
        var start = _at++;
        if (++_depth > MaxDepth)
        {
            throw new GrammarException(start, $"groups nest deeper than {MaxDepth}");
        }

        Space(newlines: true);
        var alternatives = Alternatives(nested: true);
        Require(")");
        _depth--;
        return _builder.Anonymous(alternatives, start);
    }

    private (int Min, int? Max) Repeats(bool nested)
    {
        switch (text[_at++])
        {
            case '*':
                return (0, null);
            case '+':
                return (1, null);
            case '?':
                return (0, 1);
        }

        Space(nested);
        var min = Number();
        var max = (int?)min;
        Space(nested);
        if (Current == ',')
        {
            _at++;
            Space(nested);
            max = Current == '}' ? null : Number();
            Space(nested);
        }

        Require("}");
        return max < min
            ? throw Expected($"a maximum of at least {min}")
            : (min, max);
    }

    private int Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return int.TryParse(text.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var number)
            && number <= MaxRepeats
            ? number
            : throw Expected($"a number from 0 to {MaxRepeats}", start);
    }

    private int Character()
    {
        if (_at >= text.Length)
        {
            throw Expected("the end of this literal or class");
        }

        if (Current == '\\')
        {
            return Escape();
        }

        return Rune.DecodeFromUtf16(text.AsSpan(_at), out var rune, out var length) == System.Buffers.OperationStatus.Done
            ? (_at += length, rune.Value).Value
            : throw Expected("a character, not a lone surrogate");
    }

    private int Escape()
    {
        _at++;
        var kind = Current;
        _at++;
        return kind switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' or '"' or '[' or ']' or '-' => kind,
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            'U' => Hexadecimal(8),
            _ => throw Expected("a known escape", _at - 2),
        };
    }

    private int Hexadecimal(int digits)
    {
        var start = _at;
        _at += digits;
        return _at <= text.Length
            && uint.TryParse(
                text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.IsValid(value)
            ? (int)value
            : throw Expected($"{digits} hexadecimal digits of a character", start);
    }

    private string Name()
    {
        var start = _at;
        while (IsWord(Current))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Expected("the name of a rule");
    }

    private void Space(bool newlines)
    {
        while (Current is ' ' or '\t' or '#' || (newlines && Current is '\r' or '\n'))
        {
            if (Current != '#')
            {
                _at++;
                continue;
            }

            while (_at < text.Length && Current is not ('\r' or '\n'))
            {
                _at++;
            }
        }
    }

    private void Require(string expected)
    {
        if (!text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
        {
            throw Expected($"'{expected}'");
        }

        _at += expected.Length;
    }

    private GrammarException Expected(string what, int? position = null) =>
        new(Math.Min(position ?? _at, text.Length), $"expected {what}");

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
