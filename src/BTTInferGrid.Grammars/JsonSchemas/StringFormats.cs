using System.Collections.Frozen;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>
/// The supported values of <c>format</c>, with the GBNF of a string's content. Dates and times are the part of RFC 3339 that
/// every client can represent: years 1000 to 2999, 28 days in February, no leap seconds.
/// </summary>
internal static class StringFormats
{
    private const string Date =
        "[12] [0-9]{3} \"-\" (\"02-\" (\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])"
        + " | (\"0\" [469] | \"11\") \"-\" (\"0\" [1-9] | [12] [0-9] | \"30\")"
        + " | (\"0\" [13578] | \"1\" [02]) \"-\" (\"0\" [1-9] | [12] [0-9] | \"3\" [01]))";

    private const string Time =
        "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,6})?"
        + " (\"Z\" | [\\x2B\\x2D] ((\"0\" [0-9] | \"1\" [0-3]) \":\" [0-5] [0-9] | \"14:00\"))";

    private const string Byte = "(\"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9] [0-9] | [1-9]? [0-9])";
    private const string Hex = "[0-9A-Fa-f]";
    private const string Label = "[0-9A-Za-z]{1,8} (\"-\" [0-9A-Za-z]{1,8}){0,4}";

    private static readonly FrozenDictionary<string, string> Contents = new Dictionary<string, string>
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = $"{Date} \"T\" {Time}",
        ["uuid"] = $"{Hex}{{8}} \"-\" {Hex}{{4}} \"-\" {Hex}{{4}} \"-\" {Hex}{{4}} \"-\" {Hex}{{8}} {Hex}{{4}}",
        ["ipv4"] = $"{Byte} (\".\" {Byte}){{3}}",
        ["email"] = $"[0-9A-Za-z]+ ([\\x2B\\x2D\\x2E\\x5F] [0-9A-Za-z]+)* \"@\" ({Label} \".\"){{1,4}} [A-Za-z]{{2,8}}",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All supported formats, for error messages.</summary>
    public static string Names { get; } = string.Join(", ", Contents.Keys.Order(StringComparer.Ordinal));

    public static bool Has(string format) => Contents.ContainsKey(format);

    public static string Content(string format) => Contents[format];
}
