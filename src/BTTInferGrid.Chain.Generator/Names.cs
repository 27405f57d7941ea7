namespace BTTInferGrid.Chain.Generator;

/// <summary>Solidity's names in C#'s manner.</summary>
internal static class Names
{
    private static readonly HashSet<string> Keywords =
        ["base", "checked", "decimal", "event", "fixed", "in", "lock", "operator", "out", "params", "ref", "object", "internal"];

    /// <summary>Of a type, a property or a method.</summary>
    public static string Pascal(string name)
    {
        var bare = name.TrimStart('_');
        return char.ToUpperInvariant(bare[0]) + bare[1..];
    }

    /// <summary>Of a parameter.</summary>
    public static string Camel(string name)
    {
        var bare = name.TrimStart('_');
        var camel = char.ToLowerInvariant(bare[0]) + bare[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>The names of parameters; those without one are numbered.</summary>
    public static string[] Of(IReadOnlyList<AbiParameter> parameters) =>
    [
        .. parameters.Select((parameter, i) =>
            parameter.Name.TrimStart('_').Length > 0 ? parameter.Name : parameters.Count == 1 ? "value" : $"value{i + 1}"),
    ];
}
