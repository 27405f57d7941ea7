using System.Globalization;
using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>Reads GBNF. Recursive in nested groups only, whose depth is bounded.</summary>
internal sealed class GrammarParser(string text)
{
    private const string Root = "root";
    private const int MaxDepth = 64;
    private const int MaxRepeats = 2000;

    private readonly GrammarBuilder _builder = new();
    private int _at;
    private int _depth;

    private char Current => _at < text.Length ? text[_at] : '\0';

    public Grammar Parse()
    {
        if (text.Length > Grammar.MaxLength)
        {
            throw new GrammarException(Grammar.MaxLength, $"at most {Grammar.MaxLength} characters long");
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
            throw new GrammarException(start, $"free of second definitions, such as that of '{name}'");
        }

        Space(newlines: false);
        Expect("::=");
        Space(newlines: true);
        _builder.Define(reference, Alternatives(nested: false), start);
        if (_at < text.Length && Current is not ('\r' or '\n'))
        {
            throw Wrong("a rule that goes on, or a new line");
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
                var (least, most) = Repeats(nested);
                item = _builder.Repeated(single, least, most, start);
            }

            symbols.AddRange(item);
            if (symbols.Count > GrammarBuilder.MaxSymbols)
            {
                throw new GrammarException(start, $"smaller: a rule has more than {GrammarBuilder.MaxSymbols} symbols");
            }
        }

        return [.. symbols];
    }

    /// <summary>One thing that can be repeated; null when the sequence is over.</summary>
    private List<int>? Item() => Current switch
    {
        '"' => Literal(),
        '[' => [Class()],
        '(' => [Group()],
        '.' => [Any()],
        '<' or '!' => throw Wrong("text; tokens by name or number are not supported"),
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
            throw new GrammarException(start, $"nested at most {MaxDepth} groups deep");
        }

        Space(newlines: true);
        var alternatives = Alternatives(nested: true);
        Expect(")");
        _depth--;
        return _builder.Anonymous(alternatives, start);
    }

    private (int Least, int? Most) Repeats(bool nested)
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
        var least = Number();
        var most = (int?)least;
        Space(nested);
        if (Current == ',')
        {
            _at++;
            Space(nested);
            most = Current == '}' ? null : Number();
            Space(nested);
        }

        Expect("}");
        return most < least
            ? throw Wrong($"a largest count of at least {least}")
            : (least, most);
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
            : throw Wrong($"a number from 0 to {MaxRepeats}", start);
    }

    private int Character()
    {
        if (_at >= text.Length)
        {
            throw Wrong("an end of this text or range");
        }

        if (Current == '\\')
        {
            return Escape();
        }

        return Rune.DecodeFromUtf16(text.AsSpan(_at), out var rune, out var length) == System.Buffers.OperationStatus.Done
            ? (_at += length, rune.Value).Value
            : throw Wrong("a character, not half a surrogate pair");
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
            _ => throw Wrong("a known escape", _at - 2),
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
            : throw Wrong($"{digits} hexadecimal digits of a character", start);
    }

    private string Name()
    {
        var start = _at;
        while (IsWord(Current))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Wrong("the name of a rule");
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

    private void Expect(string expected)
    {
        if (!text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
        {
            throw Wrong($"'{expected}'");
        }

        _at += expected.Length;
    }

    private GrammarException Wrong(string expected, int? position = null) =>
        new(Math.Min(position ?? _at, text.Length), $"GBNF, with {expected} there");

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
