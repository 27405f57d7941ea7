using BTTInferGrid.Grammars.Gbnf;

namespace BTTInferGrid.Grammars;

/// <summary>
/// A context-free grammar over bytes, compiled to tables. Every reachable state leads to an end. Immutable, thread
/// safe.
/// </summary>
/// <remarks>
/// A state is a position in a production: all productions are stored one after the other in one array, each followed by
/// an end mark with its rule.
/// </remarks>
public sealed class Grammar
{
    /// <summary>Maximum length of a grammar's text, in UTF-16 characters.</summary>
    public const int MaxLength = 1 << 16;

    private const int TerminalKind = 0;
    private const int RuleKind = 1;

    private readonly ByteSet[] _terminals;
    private readonly int[] _symbols;
    private readonly int[][] _starts;
    private readonly bool[] _nullable;

    internal Grammar(ByteSet[] terminals, List<Production> productions, bool[] nullable, int start, int rules)
    {
        _terminals = terminals;
        _nullable = nullable;
        var symbols = new List<int>();
        var starts = new List<int>[rules + 1];
        foreach (var production in productions.Append(new Production(rules, [Symbol.Rule(start)])))
        {
            (starts[production.Rule] ??= []).Add(symbols.Count);
            symbols.AddRange(production.Symbols.Select(symbol => (Symbol.Value(symbol) << 2) | (symbol & 1)));
            symbols.Add((production.Rule << 2) | 2);
        }

        _symbols = [.. symbols];
        _starts = [.. starts.Select(list => list is null ? [] : list.ToArray())];
        Start = _starts[rules][0];
        End = Start + 1;
    }

    /// <summary>The state in which matching begins.</summary>
    internal int Start { get; }

    /// <summary>The state in which the whole text has matched.</summary>
    internal int End { get; }

    /// <summary>Parses a grammar in llama.cpp's notation, GBNF. Texts start at the rule <c>root</c>.</summary>
    /// <param name="text">At most <see cref="MaxLength"/> characters; tokens by name or number are not supported.</param>
    /// <exception cref="GrammarException">The text is too long, invalid or incomplete, or no text matches it.</exception>
    public static Grammar Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new GrammarParser(text).Parse();
    }

    internal bool IsTerminal(int state) => (_symbols[state] & 3) == TerminalKind;

    internal bool IsRule(int state) => (_symbols[state] & 3) == RuleKind;

    /// <summary>The rule that is expected in a state, or that ends there.</summary>
    internal int Rule(int state) => _symbols[state] >> 2;

    internal bool Expects(int state, int rule) => _symbols[state] == ((rule << 2) | RuleKind);

    internal bool Matches(int state, byte value) => _terminals[_symbols[state] >> 2].Contains(value);

    internal bool IsNullable(int rule) => _nullable[rule];

    /// <summary>The states in which the productions of a rule begin.</summary>
    internal ReadOnlySpan<int> Starts(int rule) => _starts[rule];
}
