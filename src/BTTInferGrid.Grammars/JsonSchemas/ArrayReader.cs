using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads schemas of arrays.</summary>
internal static class ArrayReader
{
    /// <exception cref="SchemaException">A keyword is invalid or not supported.</exception>
    public static ArraySchema Read(SchemaReader reader, SchemaPart part, int depth)
    {
        var prefix = new List<Schema>();
        foreach (var (element, path) in part.Entries("prefixItems") ?? [])
        {
            prefix.Add(reader.Read(element, path, depth + 1));
        }

        var items = part.Find("items") switch
        {
            null => new AnySchema(),
            { ValueKind: JsonValueKind.Array } => throw SchemaException.Unsupported(
                part.PathOf("items"), "is an array, which is not supported; use prefixItems"),
            { } element => reader.Read(element, part.PathOf("items"), depth + 1),
        };
        var min = part.Count("minItems") ?? 0;
        var max = part.Count("maxItems");
        return min <= (max ?? min)
            ? new ArraySchema(prefix, items, min, max)
            : throw SchemaException.Invalid(
                part.PathOf("minItems"), $"'{part.PathOf("minItems")}' must be at most maxItems, {max}.");
    }
}
