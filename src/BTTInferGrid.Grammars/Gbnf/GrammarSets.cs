namespace BTTInferGrid.Grammars.Gbnf;

/// <summary>One alternative of a rule.</summary>
internal readonly record struct Production(int Rule, int[] Symbols);

/// <summary>A symbol of a production: a terminal or a rule, by number.</summary>
internal static class Symbol
{
    public static int Terminal(int number) => number << 1;

    public static int Rule(int number) => (number << 1) | 1;

    public static bool IsRule(int symbol) => (symbol & 1) != 0;

    public static int Value(int symbol) => symbol >> 1;
}

/// <summary>Properties that rules inherit from the rules in their productions, in time linear in the grammar.</summary>
internal static class GrammarSets
{
    /// <summary>
    /// The rules that have a production whose symbols all hold: terminals by <paramref name="terminalHolds"/>, rules when
    /// they are in the result.
    /// </summary>
    public static bool[] Closure(List<Production> productions, int rules, Func<int, bool> terminalHolds)
    {
        var holds = new bool[rules];
        var missing = new int[productions.Count];
        var uses = new List<int>[rules];
        var found = new Queue<int>();
        for (var i = 0; i < productions.Count; i++)
        {
            foreach (var symbol in productions[i].Symbols)
            {
                if (Symbol.IsRule(symbol))
                {
                    (uses[Symbol.Value(symbol)] ??= []).Add(i);
                    missing[i]++;
                }
                else if (!terminalHolds(symbol))
                {
                    // Never counted down, so the production never holds.
                    missing[i]++;
                }
            }

            Check(i);
        }

        while (found.TryDequeue(out var rule))
        {
            foreach (var use in uses[rule] ?? [])
            {
                missing[use]--;
                Check(use);
            }
        }

        return holds;

        void Check(int i)
        {
            if (missing[i] == 0 && !holds[productions[i].Rule])
            {
                holds[productions[i].Rule] = true;
                found.Enqueue(productions[i].Rule);
            }
        }
    }
}
