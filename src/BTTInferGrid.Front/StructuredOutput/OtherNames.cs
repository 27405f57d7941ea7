using System.Text;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Names of properties that are not declared: a tree of the declared ones, left at some character.</summary>
internal static class OtherNames
{
    /// <summary>
    /// A JSON string that is none of the names. Where there are names it has no escapes, so a name cannot be written in
    /// another way.
    /// </summary>
    public static string Write(GrammarRules rules, IEnumerable<string> names)
    {
        // A name that needs escapes is left out by itself.
        var plain = names.Select(name => name.EnumerateRunes().ToArray())
            .Where(name => !name.Any(c => c.Value is < ' ' or '"' or '\\'))
            .ToList();
        return plain.Count == 0
            ? JsonTokens.Text(rules)
            : JsonTokens.Quoted(After(rules, plain, 0));
    }

    /// <summary>What may follow the first characters that all of the names share.</summary>
    private static string After(GrammarRules rules, List<Rune[]> names, int shared)
    {
        var next = names.Where(name => name.Length > shared).GroupBy(name => name[shared]).OrderBy(group => group.Key).ToList();
        var others = string.Concat(next.Select(group => GrammarTexts.InClass(group.Key.Value)));
        var options = new List<string>
        {
            $"[^{others}{JsonTokens.Escaped}] {rules.Named(JsonTokens.Plain)}*",
        };
        if (names.All(name => name.Length != shared))
        {
            options.Add("");
        }

        foreach (var group in next)
        {
            options.Add($"{GrammarTexts.Literal(group.Key.ToString())} {After(rules, [.. group], shared + 1)}");
        }

        return rules.Choice(options);
    }
}
