using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Reads and validates a JSON schema, each definition at its first reference.</summary>
/// <param name="root">The whole schema.</param>
/// <param name="path">Its path, for errors.</param>
internal sealed class SchemaReader(JsonElement root, string path)
{
    private const int MaxDepth = 32;
    private const int MaxSchemas = 4096;
    private const int MaxNames = 1000;

    private readonly Dictionary<string, Schema> _definitions = new(StringComparer.Ordinal);
    private int _schemas;
    private int _names;

    /// <summary>Reads the whole schema.</summary>
    /// <exception cref="SchemaException">The schema is invalid, too large or not supported.</exception>
    public Schema Read() => Resolve(new ReferenceSchema(JsonPointer.Root, path));

    /// <summary>The schema that a reference refers to.</summary>
    /// <exception cref="SchemaException">There is none, or it is invalid, too large or not supported.</exception>
    public Schema Resolve(ReferenceSchema reference)
    {
        if (!_definitions.TryGetValue(reference.Pointer, out var schema))
        {
            var (element, at) = Find(reference.Pointer, reference.Path);
            _definitions[reference.Pointer] = schema = Read(element, at, 1);
        }

        return schema;
    }

    /// <summary>The element at a pointer, unread, and its path.</summary>
    public (JsonElement Element, string Path) Find(string pointer, string from) =>
        JsonPointer.Find(root, path, pointer, from);

    /// <summary>Counts properties and enum values against the limit.</summary>
    /// <exception cref="SchemaException">The limit is exceeded.</exception>
    public void Count(int names)
    {
        _names += names;
        if (_names > MaxNames)
        {
            throw SchemaException.Invalid(
                path,
                $"'{path}' has more than {MaxNames} properties and enum values, with those of merged schemas counted at each use."
                + " Use fewer.");
        }
    }

    /// <summary>Reads one element of the schema.</summary>
    /// <exception cref="SchemaException">The element is invalid, too large or not supported.</exception>
    public Schema Read(JsonElement element, string at, int depth)
    {
        if (depth > MaxDepth || ++_schemas > MaxSchemas)
        {
            throw SchemaException.Invalid(
                at,
                $"'{path}' is too large at '{at}': at most {MaxSchemas} schemas are allowed, nested at most {MaxDepth} deep.");
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.True:
                return new AnySchema();
            case JsonValueKind.False:
                return new NeverSchema();
            case JsonValueKind.Object:
                var part = SchemaPart.Read(element, at);
                return part.Keywords.Any(SchemaKeywords.IsCombining) ? ReadCombined(part, depth) : ReadPlain(part, depth);
            default:
                throw SchemaException.WrongType(at, "a schema: an object, true or false");
        }
    }

    private Schema ReadCombined(SchemaPart part, int depth)
    {
        var (any, one) = (part.Entries("anyOf"), part.Entries("oneOf"));
        if (any is not null && one is not null)
        {
            throw SchemaException.Unsupported(part.PathOf("oneOf"), "is not supported beside anyOf; use one of the two");
        }

        var options = any ?? one;
        if (part.Keywords.Count == 1)
        {
            if (options is not null)
            {
                return new UnionSchema([.. options.Select(option => Read(option.Element, option.Path, depth + 1))]);
            }

            if (part.Text("$ref") is { } reference)
            {
                return new ReferenceSchema(JsonPointer.Read(reference, part.PathOf("$ref")), part.PathOf("$ref"));
            }

            if (part.Entries("allOf") is [var single])
            {
                return Read(single.Element, single.Path, depth + 1);
            }
        }

        var shared = new ObjectParts(this);
        shared.AddOwn(part);
        if (options is null)
        {
            return ObjectReader.Read(this, shared.Parts, depth);
        }

        var merged = new List<Schema>();
        foreach (var option in options)
        {
            Count(1);
            var parts = new ObjectParts(this, shared);
            parts.Add(option.Element, option.Path);
            merged.Add(ObjectReader.Read(this, parts.Parts, depth));
        }

        return new UnionSchema(merged);
    }

    private Schema ReadPlain(SchemaPart part, int depth)
    {
        if (part.Has("enum") || part.Has("const"))
        {
            return LiteralReader.Read(this, part);
        }

        var types = SchemaTypes.Read(part) ?? SchemaTypes.Implied(part);
        var read = types.Select(type => ReadType(type, part, depth)).ToList();
        return read switch
        {
            [] => new AnySchema(),
            [var only] => only,
            _ => new UnionSchema(read),
        };
    }

    private Schema ReadType(string type, SchemaPart part, int depth) => type switch
    {
        "object" => ObjectReader.Read(this, [part], depth),
        "array" => ArrayReader.Read(this, part, depth),
        "string" => StringReader.Read(part),
        "integer" => NumberReader.ReadInteger(part),
        "number" => NumberReader.ReadNumber(part),
        "boolean" => new LiteralSchema(["true", "false"]),
        _ => new LiteralSchema(["null"]),
    };
}
