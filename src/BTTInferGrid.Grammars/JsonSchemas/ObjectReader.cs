using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads schemas of objects.</summary>
internal static class ObjectReader
{
    private const int MaxNameLength = 256;

    /// <summary>
    /// The objects that satisfy all parts. Without <c>additionalProperties</c>, an object has only declared properties, or
    /// any properties when there is no <c>properties</c> either.
    /// </summary>
    /// <exception cref="SchemaException">A keyword is invalid, or the parts cannot be merged.</exception>
    public static ObjectSchema Read(SchemaReader reader, IReadOnlyList<SchemaPart> parts, int depth)
    {
        var properties = new OrderedDictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            ReadProperties(reader, part, properties, depth);
        }

        Schema? additional = parts.Any(part => part.Find("properties") is not null) ? null : new AnySchema();
        var closed = false;
        foreach (var part in parts)
        {
            if (part.Find("additionalProperties") is not { } element)
            {
                continue;
            }

            if (parts.Count > 1 && element.ValueKind != JsonValueKind.True)
            {
                throw SchemaException.Unsupported(
                    part.PathOf("additionalProperties"),
                    "is not supported in a schema that is merged with others, unless it is true; without it, objects have"
                    + " only declared properties");
            }

            additional = reader.Read(element, part.PathOf("additionalProperties"), depth + 1);
            closed = additional is NeverSchema;
        }

        var required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, path) in parts.SelectMany(ReadRequired))
        {
            if (closed && !properties.ContainsKey(name))
            {
                throw SchemaException.Invalid(
                    path, $"'{path}' is '{JsonText.Clip(name)}', which is not in properties; add it there.");
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
        if (part.Find("properties") is not { } declared)
        {
            return;
        }

        if (declared.ValueKind != JsonValueKind.Object)
        {
            throw part.WrongType("properties", "an object", declared);
        }

        foreach (var property in declared.EnumerateObject())
        {
            var name = JsonText.ReadName(property, part.PathOf("properties"));
            var path = $"{part.PathOf("properties")}.{JsonText.Clip(name)}";
            CheckLength(name, path);
            reader.Count(1);
            if (!properties.TryAdd(name, reader.Read(property.Value, path, depth + 1)))
            {
                throw SchemaException.Unsupported(path, "is declared twice; declare each property of an object once");
            }
        }
    }

    private static IEnumerable<(string Name, string Path)> ReadRequired(SchemaPart part)
    {
        if (part.Find("required") is not { } required)
        {
            yield break;
        }

        if (required.ValueKind != JsonValueKind.Array)
        {
            throw part.WrongType("required", "an array of names", required);
        }

        foreach (var entry in required.EnumerateArray().Select((value, i) => (Value: value, Path: $"{part.PathOf("required")}[{i}]")))
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                throw SchemaException.WrongType(entry.Path, "a string");
            }

            var name = JsonText.Read(entry.Value, entry.Path);
            CheckLength(name, entry.Path);
            yield return (name, entry.Path);
        }
    }

    private static void CheckLength(string name, string path)
    {
        if (name.Length > MaxNameLength)
        {
            throw SchemaException.Invalid(
                path, $"The name of a property has {name.Length} characters; at most {MaxNameLength} are allowed.");
        }
    }
}
