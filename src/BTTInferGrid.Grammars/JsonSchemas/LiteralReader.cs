
namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads schemas that list their values by <c>enum</c> or <c>const</c>.</summary>
internal static class LiteralReader
{
    /// <exception cref="SchemaException">There is no value, or there are other keywords beside the values.</exception>
    public static LiteralSchema Read(SchemaReader reader, SchemaPart part)
    {
        var keyword = part.Has("const") ? "const" : "enum";
        foreach (var other in part.Keywords)
        {
            if (other != keyword && other != "type")
            {
                throw SchemaException.Unsupported(
                    part.PathOf(other), $"is not supported beside {keyword}; leave it out and list only the allowed values");
            }
        }

        var values = keyword == "const"
            ? [(Element: part.Element.GetProperty("const"), Path: part.PathOf("const"))]
            : part.Entries("enum") ?? throw SchemaException.WrongType(part.PathOf("enum"), "an array");
        reader.Count(values.Count);
        if (SchemaTypes.Read(part) is { } types)
        {
            values.RemoveAll(value => !types.Exists(type => SchemaTypes.Is(value.Element, type)));
        }

        return values.Count > 0
            ? new LiteralSchema([.. values.Select(value => JsonText.Write(value.Element, value.Path))])
            : throw SchemaException.Invalid(
                part.PathOf(keyword), $"'{part.PathOf(keyword)}' has no value of the schema's type.");
    }
}
