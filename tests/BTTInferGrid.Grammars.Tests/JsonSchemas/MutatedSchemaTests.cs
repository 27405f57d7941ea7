using System.Text.Json;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Schemas in which names and values are replaced by others.</summary>
public partial class MutatedSchemaTests
{
    private static readonly string[] Tokens =
    [
        "\"type\"", "\"items\"", "\"enum\"", "\"const\"", "\"$ref\"", "\"allOf\"", "\"oneOf\"", "\"not\"", "\"required\"", "\"minimum\"",
        "\"additionalProperties\"", "\"pattern\"", "\"format\"", "\"minLength\"", "\"maxItems\"", "\"#\"", "\"#/$defs/one\"", "\"object\"",
        "\"integer\"", "\"string\"", "\"(a\"", "\"[z-a]\"", "\"\\ud800\"", "\"\\u0061\"", "null", "true", "false", "0", "-1", "1.5", "1e400",
        "9223372036854775808", "[]", "{}",
    ];

    [Fact]
    public void Convert_MutatedSchemas_ReturnsOrThrowsSchemaException()
    {
        var random = new Random(11);
        var (converted, refused) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var schema = Mutate(new RandomSchema(new Random(seed)).Next(), random);
            try
            {
                Schemas.ToGrammar(schema);
                converted++;
            }
            catch (JsonException)
            {
                // A value took the place of a name.
            }
            catch (Exception error)
            {
                error.Should().BeOfType<SchemaException>("the schema is {0}", schema).Which.Path.Should().StartWith(Schemas.Path);
                refused++;
            }
        }

        converted.Should().BeGreaterThan(300);
        refused.Should().BeGreaterThan(300);
    }

    private static string Mutate(string schema, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var places = JsonToken().Matches(schema);
            var place = places[random.Next(places.Count)];
            schema = $"{schema[..place.Index]}{Tokens[random.Next(Tokens.Length)]}{schema[(place.Index + place.Length)..]}";
        }

        return schema;
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null
        """)]
    private static partial Regex JsonToken();
}
