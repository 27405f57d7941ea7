using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads schemas that list their values: <c>enum</c> and <c>const</c>.</summary>
internal static class LiteralReader
{
    /// <exception cref="ApiException">There is no value, or there are other conditions on it.</exception>
    public static LiteralSchema Read(SchemaReader reader, SchemaPart part)
    {
        var keyword = part.Has("const") ? "const" : "enum";
        foreach (var other in part.Keywords)
        {
            if (other != keyword && other != "type")
            {
                throw SchemaKeywords.Unsupported(
                    part.PathOf(other), $"is not supported beside {keyword}; leave it out and list only the values that you want");
            }
        }

        var values = keyword == "const"
            ? [(Element: part.Element.GetProperty("const"), Path: part.PathOf("const"))]
            : part.Entries("enum") ?? throw ApiException.InvalidRequest(
                part.PathOf("enum"), $"'{part.PathOf("enum")}' must be an array.", "invalid_type");
        reader.Count(values.Count);
        if (SchemaTypes.Read(part) is { } types)
        {
            values.RemoveAll(value => !types.Exists(type => SchemaTypes.Is(value.Element, type)));
        }

        return values.Count > 0
            ? new LiteralSchema([.. values.Select(value => JsonTexts.Of(value.Element, value.Path))])
            : throw ApiException.InvalidRequest(
                part.PathOf(keyword), $"'{part.PathOf(keyword)}' has no value of the schema's type.", "invalid_value");
    }
}
