using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>
/// The schemas of objects that one value must satisfy together, by <c>allOf</c>, by a reference with keywords beside it, or
/// by an option with keywords beside <c>anyOf</c>.
/// </summary>
internal sealed class ObjectParts(SchemaReader reader, ObjectParts? shared = null)
{
    private const int MaxParts = 64;

    private readonly List<SchemaPart> _parts = [.. shared?._parts ?? []];

    public IReadOnlyList<SchemaPart> Parts => _parts;

    /// <summary>Adds a schema.</summary>
    /// <exception cref="ApiException">It is about more than objects.</exception>
    public void Add(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw SchemaKeywords.Unsupported(path, "is to be merged with others and must be a schema of objects");
        }

        var part = SchemaPart.Read(element, path);
        if (part.Keywords.FirstOrDefault(keyword => keyword is "anyOf" or "oneOf") is { } options)
        {
            throw SchemaKeywords.Unsupported(
                part.PathOf(options), "is not supported in a schema that is merged with others; write out the options above");
        }

        AddOwn(part);
    }

    /// <summary>Adds what a schema says besides its <c>anyOf</c> or <c>oneOf</c>.</summary>
    public void AddOwn(SchemaPart part)
    {
        // Bounds cycles too, since each schema on the way counts.
        if (_parts.Count == MaxParts)
        {
            throw ApiException.InvalidRequest(
                part.Path, $"'{part.Path}' merges more than {MaxParts} schemas, or itself.", "invalid_value");
        }

        foreach (var keyword in part.Keywords)
        {
            if (SchemaKeywords.IsCombining(keyword) || SchemaKeywords.TypeOf(keyword) == "object")
            {
                continue;
            }

            if (keyword != "type" || SchemaTypes.Read(part) is not ["object"])
            {
                throw SchemaKeywords.Unsupported(
                    part.PathOf(keyword), "is not supported in a schema that is merged with others; only schemas of objects are");
            }
        }

        _parts.Add(part);
        if (part.Fields.Text("$ref") is { } reference)
        {
            var from = part.PathOf("$ref");
            var (element, path) = reader.Find(SchemaPointers.Read(reference, from), from);
            Add(element, path);
        }

        foreach (var (element, path) in part.Entries("allOf") ?? [])
        {
            Add(element, path);
        }
    }
}
