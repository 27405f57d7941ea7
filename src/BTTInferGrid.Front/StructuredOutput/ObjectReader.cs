using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads schemas of objects.</summary>
internal static class ObjectReader
{
    private const int MaxNameLength = 256;

    /// <summary>
    /// The objects that satisfy all parts. Without <c>additionalProperties</c>, an object has the properties that are named
    /// and no others; when none are named, any.
    /// </summary>
    /// <exception cref="ApiException">A keyword is wrong, or the parts cannot be merged.</exception>
    public static ObjectSchema Read(SchemaReader reader, IReadOnlyList<SchemaPart> parts, int depth)
    {
        var properties = new OrderedDictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            ReadProperties(reader, part, properties, depth);
        }

        Schema? additional = parts.Any(part => part.Fields.Find("properties") is not null) ? null : new AnySchema();
        var closed = false;
        foreach (var part in parts)
        {
            if (part.Fields.Find("additionalProperties") is not { } element)
            {
                continue;
            }

            if (parts.Count > 1 && element.ValueKind != JsonValueKind.True)
            {
                throw SchemaKeywords.Unsupported(
                    part.PathOf("additionalProperties"),
                    "is not supported in a schema that is merged with others, unless it is true; objects have no other"
                    + " properties than those named");
            }

            additional = reader.Read(element, part.PathOf("additionalProperties"), depth + 1);
            closed = additional is NeverSchema;
        }

        var required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, path) in parts.SelectMany(ReadRequired))
        {
            if (closed && !properties.ContainsKey(name))
            {
                throw ApiException.InvalidRequest(
                    path, $"'{path}' is '{ApiException.Clip(name)}', which is not in properties; add it there.", "invalid_value");
            }

            reader.Count(1);
            required.Add(name);
            properties.TryAdd(name, additional ?? new AnySchema());
        }

        return new ObjectSchema(
            [.. properties.Select(property => new PropertySchema(property.Key, property.Value, required.Contains(property.Key)))],
            closed ? null : additional);
    }

    private static void ReadProperties(
        SchemaReader reader, SchemaPart part, OrderedDictionary<string, Schema> properties, int depth)
    {
        if (part.Fields.Find("properties") is not { } declared)
        {
            return;
        }

        if (declared.ValueKind != JsonValueKind.Object)
        {
            throw part.Fields.WrongType("properties", "an object", declared);
        }

        foreach (var property in declared.EnumerateObject())
        {
            var name = JsonTexts.NameOf(property, part.PathOf("properties"));
            var path = $"{part.PathOf("properties")}.{ApiException.Clip(name)}";
            CheckLength(name, path);
            reader.Count(1);
            if (!properties.TryAdd(name, reader.Read(property.Value, path, depth + 1)))
            {
                throw SchemaKeywords.Unsupported(path, "is declared twice; declare each property of an object once");
            }
        }
    }

    private static IEnumerable<(string Name, string Path)> ReadRequired(SchemaPart part)
    {
        if (part.Fields.Find("required") is not { } required)
        {
            yield break;
        }

        if (required.ValueKind != JsonValueKind.Array)
        {
            throw part.Fields.WrongType("required", "an array of names", required);
        }

        foreach (var entry in required.EnumerateArray().Select((value, i) => (Value: value, Path: $"{part.PathOf("required")}[{i}]")))
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                throw ApiException.InvalidRequest(entry.Path, $"'{entry.Path}' must be a string.", "invalid_type");
            }

            var name = JsonFields.ReadText(entry.Value, entry.Path);
            CheckLength(name, entry.Path);
            yield return (name, entry.Path);
        }
    }

    private static void CheckLength(string name, string path)
    {
        if (name.Length > MaxNameLength)
        {
            throw ApiException.InvalidRequest(
                path, $"A property's name has {name.Length} characters; at most {MaxNameLength} are allowed.", "invalid_value");
        }
    }
}
