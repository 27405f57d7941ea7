namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>The parts that all JSON texts are made of, as rules.</summary>
internal static class JsonTokens
{
    /// <summary>What a class of characters leaves out because a JSON string must escape it.</summary>
    public const string Escaped = "\\x22\\\\\\x00-\\x1F";

    /// <summary>A character of a string that is written as it is.</summary>
    public const string Plain = $"[^{Escaped}]";

    private const int MaxIndent = 32;

    // Halves of surrogate pairs are left out: alone they are no text, and pairs can be written as they are.
    private const string Escape =
        "\"\\\\\" ([\\x22\\\\/bfnrt] | \"u\" ([0-9A-CE-Fa-ce-f] [0-9A-Fa-f]{3} | [Dd] [0-7] [0-9A-Fa-f]{2}))";

    /// <summary>White space inside braces and brackets and behind commas: none, a space, or a new line with its indent.</summary>
    public static string Space(GrammarRules rules) =>
        rules.Named($"\" \"? | \"\\n\" {rules.Repeated("\" \"", 0, MaxIndent)}", "ws");

    public static string Comma(GrammarRules rules) => rules.Named($"\",\" {Space(rules)}", "comma");

    public static string Colon(GrammarRules rules) => rules.Named("\":\" \" \"?", "colon");

    /// <summary>One character of a string.</summary>
    public static string Character(GrammarRules rules) => rules.Named($"{Plain} | {Escape}", "char");

    public static string Text(GrammarRules rules) => rules.Named(Quoted($"{Character(rules)}*"), "string");

    public static string Quoted(string content) => content.Length == 0 ? "\"\\\"\\\"\"" : $"\"\\\"\" {content} \"\\\"\"";
}
