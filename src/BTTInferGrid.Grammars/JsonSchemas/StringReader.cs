
namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads schemas of strings.</summary>
internal static class StringReader
{
    private static readonly string[] Keywords = ["pattern", "format", "minLength", "maxLength"];

    /// <exception cref="SchemaException">A keyword is invalid, or not supported beside another one.</exception>
    public static Schema Read(SchemaPart part)
    {
        var min = part.Count("minLength") ?? 0;
        var max = part.Count("maxLength");
        if (min > (max ?? min))
        {
            throw SchemaException.Invalid(
                part.PathOf("minLength"), $"'{part.PathOf("minLength")}' must be at most maxLength, {max}.");
        }

        if (part.Text("pattern") is { } pattern)
        {
            RequireAlone(part, "pattern");
            return new PatternSchema(pattern, part.PathOf("pattern"));
        }

        if (part.Text("format") is not { } format)
        {
            return new StringSchema(min, max);
        }

        if (!StringFormats.Has(format))
        {
            throw SchemaException.Unsupported(
                part.PathOf("format"),
                $"is '{JsonText.Clip(format)}', which is not supported; leave it out, or use one of {StringFormats.Names}");
        }

        RequireAlone(part, "format");
        return new FormatSchema(format);
    }

    private static void RequireAlone(SchemaPart part, string keyword)
    {
        if (Keywords.FirstOrDefault(other => other != keyword && part.Has(other)) is { } second)
        {
            throw SchemaException.Unsupported(part.PathOf(second), $"is not supported beside {keyword}; leave one of them out");
        }
    }
}
