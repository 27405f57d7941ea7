namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Rules for the parts that all JSON texts share.</summary>
internal static class JsonRules
{
    /// <summary>Characters that a JSON string must escape, as the content of a class.</summary>
    public const string Escaped = "\\x22\\\\\\x00-\\x1F";

    /// <summary>A class of the characters that a JSON string holds without an escape.</summary>
    public const string Plain = $"[^{Escaped}]";

    private const int MaxIndent = 32;

    // Surrogates are left out: a lone one is not text, and a pair needs no escape.
    private const string Escape =
        "\"\\\\\" ([\\x22\\\\/bfnrt] | \"u\" ([0-9A-CE-Fa-ce-f] [0-9A-Fa-f]{3} | [Dd] [0-7] [0-9A-Fa-f]{2}))";

    /// <summary>White space inside brackets and after commas: none, a space, or a new line and its indent.</summary>
    public static string Space(GrammarRules rules) =>
        rules.Named($"\" \"? | \"\\n\" {rules.Repeated("\" \"", 0, MaxIndent)}", "ws");

    public static string Comma(GrammarRules rules) => rules.Named($"\",\" {Space(rules)}", "comma");

    public static string Colon(GrammarRules rules) => rules.Named("\":\" \" \"?", "colon");

    /// <summary>One character of a string.</summary>
    public static string Character(GrammarRules rules) => rules.Named($"{Plain} | {Escape}", "char");

    public static string Text(GrammarRules rules) => rules.Named(Quoted($"{Character(rules)}*"), "string");

    public static string Quoted(string content) => content.Length == 0 ? "\"\\\"\\\"\"" : $"\"\\\"\" {content} \"\\\"\"";
}
