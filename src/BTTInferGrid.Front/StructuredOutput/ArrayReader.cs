using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads schemas of arrays.</summary>
internal static class ArrayReader
{
    /// <exception cref="ApiException">A keyword is wrong.</exception>
    public static ArraySchema Read(SchemaReader reader, SchemaPart part, int depth)
    {
        var (fields, prefix) = (part.Fields, new List<Schema>());
        foreach (var (element, path) in part.Entries("prefixItems") ?? [])
        {
            prefix.Add(reader.Read(element, path, depth + 1));
        }

        var items = fields.Find("items") switch
        {
            null => new AnySchema(),
            { ValueKind: JsonValueKind.Array } => throw SchemaKeywords.Unsupported(
                part.PathOf("items"), "is an array, which is not supported; use prefixItems"),
            { } element => reader.Read(element, part.PathOf("items"), depth + 1),
        };
        var least = (int)(fields.Integer("minItems", 0, int.MaxValue) ?? 0);
        var most = (int?)fields.Integer("maxItems", 0, int.MaxValue);
        return least <= (most ?? least)
            ? new ArraySchema(prefix, items, least, most)
            : throw ApiException.InvalidRequest(
                part.PathOf("minItems"), $"'{part.PathOf("minItems")}' must be at most maxItems, {most}.", "invalid_value");
    }
}
