using System.Text.Json.Nodes;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Generates schemas from a seed, all of them supported and with at least one value.</summary>
internal sealed class RandomSchema(Random random)
{
    private static readonly string[] Names = ["a", "ab", "abc", "b", "kind", "naïve", "x y", "q\"\\"];
    private static readonly string[] Patterns = ["^[a-z]+\\d?$", "^(yes|no)\\.$", "-", "^\\S{1,20}$", "[^x]\\s$"];
    private static readonly string[] Formats = ["date", "time", "date-time", "uuid", "ipv4", "email"];

    public string Next()
    {
        var schema = Object(3);
        schema["$defs"] = new JsonObject { ["one"] = Schema(1, references: false), ["two"] = Object(2) };
        return schema.ToJsonString();
    }

    private JsonNode Schema(int depth, bool references = true) => random.Next(depth > 0 ? 14 : 8) switch
    {
        0 => Text(),
        1 => new JsonObject { ["type"] = "string", ["pattern"] = Pick(Patterns) },
        2 => new JsonObject { ["type"] = "string", ["format"] = Pick(Formats) },
        3 => Number("integer"),
        4 => Number("number"),
        5 => new JsonObject { ["type"] = new JsonArray("boolean", "null", "integer") },
        6 => new JsonObject { ["enum"] = new JsonArray("é", 1.5, null, true, new JsonObject { ["k"] = new JsonArray(1, "\n") }) },
        7 => new JsonObject { ["const"] = Pick(Names) },
        8 => new JsonObject { ["anyOf"] = new JsonArray(Schema(depth - 1, references), Schema(depth - 1, references)) },
        9 or 10 => Array(depth, references),
        11 => JsonValue.Create(true),

        // Null is allowed wherever a reference can lead back to itself, so every schema has a finite value.
        12 when references => new JsonObject { ["anyOf"] = new JsonArray(Reference(), new JsonObject { ["type"] = "null" }) },
        _ => Object(depth, references),
    };

    private JsonObject Reference() => new() { ["$ref"] = random.Next(2) == 0 ? "#/$defs/one" : "#/$defs/two" };

    private JsonObject Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        var min = random.Next(12);
        Maybe(schema, "minLength", min);
        Maybe(schema, "maxLength", min + random.Next(20));
        return schema;
    }

    private JsonObject Number(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        var min = random.Next(-120, 120);
        Maybe(schema, random.Next(2) == 0 ? "minimum" : "exclusiveMinimum", min);
        Maybe(schema, random.Next(2) == 0 ? "maximum" : "exclusiveMaximum", min + 2 + random.Next(2000));
        return schema;
    }

    private JsonObject Array(int depth, bool references)
    {
        var schema = new JsonObject { ["type"] = "array" };
        Maybe(schema, "items", Schema(depth - 1, references));
        Maybe(schema, "prefixItems", new JsonArray(Schema(depth - 1, references), Schema(0)));
        var min = random.Next(4);
        Maybe(schema, "minItems", min);
        Maybe(schema, "maxItems", min + random.Next(12));
        return schema;
    }

    private JsonObject Object(int depth, bool references = true)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var name in Names.Where(_ => random.Next(3) == 0))
        {
            properties[name] = Schema(depth - 1, references);
            if (random.Next(2) == 0)
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        Maybe(schema, "additionalProperties", random.Next(2) == 0 ? false : Schema(0));
        return schema;
    }

    private void Maybe(JsonObject schema, string keyword, JsonNode value)
    {
        if (random.Next(2) == 0)
        {
            schema[keyword] = value;
        }
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
