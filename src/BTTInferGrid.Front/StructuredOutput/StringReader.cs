using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads schemas of strings.</summary>
internal static class StringReader
{
    private static readonly string[] Conditions = ["pattern", "format", "minLength", "maxLength"];

    /// <exception cref="ApiException">A keyword is wrong, or does not go with another.</exception>
    public static Schema Read(SchemaPart part)
    {
        var fields = part.Fields;
        var least = (int)(fields.Integer("minLength", 0, int.MaxValue) ?? 0);
        var most = (int?)fields.Integer("maxLength", 0, int.MaxValue);
        if (least > (most ?? least))
        {
            throw ApiException.InvalidRequest(
                part.PathOf("minLength"), $"'{part.PathOf("minLength")}' must be at most maxLength, {most}.", "invalid_value");
        }

        if (fields.Text("pattern") is { } pattern)
        {
            Alone(part, "pattern");
            return new PatternSchema(pattern, part.PathOf("pattern"));
        }

        if (fields.Text("format") is not { } format)
        {
            return new StringSchema(least, most);
        }

        if (!StringFormats.Has(format))
        {
            throw SchemaKeywords.Unsupported(
                part.PathOf("format"),
                $"is '{ApiException.Clip(format)}', which is not supported; leave it out, or use one of {StringFormats.Names}");
        }

        Alone(part, "format");
        return new FormatSchema(format);
    }

    private static void Alone(SchemaPart part, string keyword)
    {
        if (Conditions.FirstOrDefault(other => other != keyword && part.Has(other)) is { } second)
        {
            throw SchemaKeywords.Unsupported(part.PathOf(second), $"is not supported beside {keyword}; leave one of them out");
        }
    }
}
