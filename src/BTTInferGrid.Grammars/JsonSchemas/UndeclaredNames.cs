using System.Text;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Rules for names of undeclared properties, which leave the tree of declared names at some character.</summary>
internal static class UndeclaredNames
{
    /// <summary>
    /// A JSON string that is none of the names. Where there are names it has no escapes, so that a name has one spelling
    /// only.
    /// </summary>
    public static string Write(GrammarRules rules, IEnumerable<string> names)
    {
        // A string without escapes cannot be a name that needs them.
        var plain = names.Select(name => name.EnumerateRunes().ToArray())
            .Where(name => !name.Any(c => c.Value is < ' ' or '"' or '\\'))
            .ToList();
        return plain.Count == 0
            ? JsonRules.Text(rules)
            : JsonRules.Quoted(After(rules, plain, 0));
    }

    /// <summary>The rest of a name whose first characters are those that all of the names share.</summary>
    private static string After(GrammarRules rules, List<Rune[]> names, int shared)
    {
        var next = names.Where(name => name.Length > shared).GroupBy(name => name[shared]).OrderBy(group => group.Key).ToList();
        var others = string.Concat(next.Select(group => GbnfText.InClass(group.Key.Value)));
        var options = new List<string>
        {
            $"[^{others}{JsonRules.Escaped}] {rules.Named(JsonRules.Plain)}*",
        };
        if (names.All(name => name.Length != shared))
        {
            options.Add("");
        }

        foreach (var group in next)
        {
            options.Add($"{GbnfText.Literal(group.Key.ToString())} {After(rules, [.. group], shared + 1)}");
        }

        return rules.Choice(options);
    }
}
