namespace BTTInferGrid.Grammars.Gbnf;

/// <summary>Collects the rules of a grammar and compiles them, within limits on their size.</summary>
internal sealed class GrammarBuilder
{
    /// <summary>Maximum number of symbols in all productions together, with repetitions expanded.</summary>
    public const int MaxSymbols = 1 << 16;

    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<List<int[]>?> _rules = [];
    private readonly Dictionary<ByteSet, int> _terminalNumbers = [];
    private readonly List<ByteSet> _terminals = [];
    private readonly Dictionary<string, int> _classes = [];
    private int _symbols;

    /// <summary>The symbol of a rule that is, or will be, defined by name.</summary>
    public int Reference(string name)
    {
        if (!_names.TryGetValue(name, out var rule))
        {
            _names[name] = rule = NewRule();
        }

        return Symbol.Rule(rule);
    }

    public bool IsDefined(int reference) => _rules[Symbol.Value(reference)] is not null;

    public void Define(int reference, List<int[]> alternatives, int position)
    {
        _symbols += alternatives.Sum(alternative => alternative.Length + 1);
        if (_symbols > MaxSymbols)
        {
            throw new GrammarException(position, $"rules and repetitions expand to more than {MaxSymbols} symbols");
        }

        _rules[Symbol.Value(reference)] = alternatives;
    }

    /// <summary>A rule without a name.</summary>
    public int Anonymous(List<int[]> alternatives, int position)
    {
        var reference = Symbol.Rule(NewRule());
        Define(reference, alternatives, position);
        return reference;
    }

    /// <summary>One character in the ranges or, negated, one outside them.</summary>
    public int Class(IEnumerable<(int Low, int High)> ranges, bool negated, int position)
    {
        var normalized = CodePoints.Normalized(ranges, negated);
        var key = string.Join(',', normalized);
        if (!_classes.TryGetValue(key, out var symbol))
        {
            var single = default(ByteSet);
            var alternatives = new List<int[]>();
            foreach (var sequence in normalized.SelectMany(range => CodePoints.Utf8(range.Low, range.High)))
            {
                if (sequence is [var one])
                {
                    single = new(single.A | one.A, single.B | one.B, single.C | one.C, single.D | one.D);
                }
                else
                {
                    alternatives.Add([.. sequence.Select(Terminal)]);
                }
            }

            if (alternatives.Count == 0)
            {
                symbol = Terminal(single);
            }
            else
            {
                if (!single.IsEmpty)
                {
                    alternatives.Add([Terminal(single)]);
                }

                symbol = Anonymous(alternatives, position);
            }

            _classes[key] = symbol;
        }

        return symbol;
    }

    public int Terminal(ByteSet bytes)
    {
        if (!_terminalNumbers.TryGetValue(bytes, out var number))
        {
            _terminalNumbers[bytes] = number = _terminals.Count;
            _terminals.Add(bytes);
        }

        return Symbol.Terminal(number);
    }

    /// <summary>
    /// The symbol <paramref name="min"/> to <paramref name="max"/> times; null is without limit.
    /// </summary>
    public List<int> Repeated(int symbol, int min, int? max, int position)
    {
        var result = Enumerable.Repeat(symbol, min).ToList();
        if (max is null)
        {
            // With left recursion the matcher's work per byte does not grow with the number of repetitions.
            var any = Symbol.Rule(NewRule());
            Define(any, [[], [any, symbol]], position);
            result.Add(any);
        }
        else
        {
            var rest = -1;
            for (var i = min; i < max; i++)
            {
                rest = Anonymous([[], rest < 0 ? [symbol] : [symbol, rest]], position);
            }

            if (rest >= 0)
            {
                result.Add(rest);
            }
        }

        return result;
    }

    /// <summary>Compiles the grammar that starts at a rule, without the rules from which no text can end.</summary>
    /// <exception cref="GrammarException">A rule is not defined, or no text matches.</exception>
    public Grammar Build(string root)
    {
        foreach (var (name, rule) in _names)
        {
            if (_rules[rule] is null)
            {
                throw new GrammarException(-1, $"rule '{name}' is not defined");
            }
        }

        if (!_names.TryGetValue(root, out var start))
        {
            throw new GrammarException(-1, $"rule '{root}', where texts start, is not defined");
        }

        var productions = Productions();
        var productive = GrammarSets.Closure(
            productions, _rules.Count, symbol => !_terminals[Symbol.Value(symbol)].IsEmpty);
        if (!productive[start])
        {
            throw new GrammarException(-1, $"no finite text matches rule '{root}'");
        }

        productions.RemoveAll(production => !production.Symbols.All(
            symbol => Symbol.IsRule(symbol) ? productive[Symbol.Value(symbol)] : !_terminals[Symbol.Value(symbol)].IsEmpty));
        var nullable = GrammarSets.Closure(productions, _rules.Count, _ => false);
        return new Grammar([.. _terminals], productions, nullable, start, _rules.Count);
    }

    private List<Production> Productions()
    {
        var productions = new List<Production>();
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            foreach (var symbols in _rules[rule] ?? [])
            {
                productions.Add(new Production(rule, symbols));
            }
        }

        return productions;
    }

    private int NewRule()
    {
        _rules.Add(null);
        return _rules.Count - 1;
    }
}
