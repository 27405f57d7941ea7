using System.Text.Json;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>One JSON object of a schema.</summary>
/// <param name="Element">The object.</param>
/// <param name="Path">Where it stands in the request.</param>
/// <param name="Keywords">Its keywords that say something about a value.</param>
internal sealed record SchemaPart(JsonElement Element, string Path, IReadOnlyList<string> Keywords)
{
    public JsonFields Fields => new(Element, Path);

    public static SchemaPart Read(JsonElement element, string path) => new(element, path, SchemaKeywords.Read(element, path));

    public bool Has(string keyword) => Keywords.Contains(keyword);

    public string PathOf(string keyword) => $"{Path}.{keyword}";

    /// <summary>The entries of a keyword that is an array of at least one entry; null when it is missing.</summary>
    public List<(JsonElement Element, string Path)>? Entries(string keyword)
    {
        if (Fields.Find(keyword) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select((entry, i) => (entry, $"{Path}.{keyword}[{i}]"))]
            : throw Fields.WrongType(keyword, "an array with at least one entry", value);
    }
}
