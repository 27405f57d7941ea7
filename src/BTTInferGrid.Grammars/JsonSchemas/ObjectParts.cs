using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>
/// The schemas of objects that one value must satisfy together: those of <c>allOf</c>, those of a reference with keywords
/// beside it, or an option with keywords beside <c>anyOf</c>.
/// </summary>
internal sealed class ObjectParts(SchemaReader reader, ObjectParts? shared = null)
{
    private const int MaxParts = 64;

    private readonly List<SchemaPart> _parts = [.. shared?._parts ?? []];

    public IReadOnlyList<SchemaPart> Parts => _parts;

    /// <summary>Adds a schema.</summary>
    /// <exception cref="SchemaException">The schema constrains more than objects, or cannot be merged.</exception>
    public void Add(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw SchemaException.Unsupported(path, "is merged with other schemas, so it must be a schema of objects");
        }

        var part = SchemaPart.Read(element, path);
        if (part.Keywords.FirstOrDefault(keyword => keyword is "anyOf" or "oneOf") is { } options)
        {
            throw SchemaException.Unsupported(
                part.PathOf(options), "is not supported in a schema that is merged with others; move the options out of it");
        }

        AddOwn(part);
    }

    /// <summary>Adds a schema without its <c>anyOf</c> or <c>oneOf</c>.</summary>
    public void AddOwn(SchemaPart part)
    {
        // Ends cycles of references too, since each schema on the way counts.
        if (_parts.Count == MaxParts)
        {
            throw SchemaException.Invalid(
                part.Path, $"'{part.Path}' merges more than {MaxParts} schemas, or itself.");
        }

        foreach (var keyword in part.Keywords)
        {
            if (SchemaKeywords.IsCombining(keyword) || SchemaKeywords.TypeOf(keyword) == "object")
            {
                continue;
            }

            if (keyword != "type" || SchemaTypes.Read(part) is not ["object"])
            {
                throw SchemaException.Unsupported(
                    part.PathOf(keyword), "is not supported in a schema that is merged with others; merge schemas of objects only");
            }
        }

        _parts.Add(part);
        if (part.Text("$ref") is { } reference)
        {
            var from = part.PathOf("$ref");
            var (element, path) = reader.Find(JsonPointer.Read(reference, from), from);
            Add(element, path);
        }

        foreach (var (element, path) in part.Entries("allOf") ?? [])
        {
            Add(element, path);
        }
    }
}
