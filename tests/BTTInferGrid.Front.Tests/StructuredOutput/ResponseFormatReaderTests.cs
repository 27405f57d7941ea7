using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.StructuredOutput;
using BTTInferGrid.Grammars;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

public class ResponseFormatReaderTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"response_format":null}""")]
    [InlineData("""{"response_format":{"type":"text"}}""")]
    public void Read_AnyText_IsNoGrammar(string request) => Assert.Null(Read(request));

    [Fact]
    public void Read_JsonObject_IsTheGrammarOfObjects() =>
        Assert.Equal(JsonSchemaGrammar.AnyObject, Read("""{"response_format":{"type":"json_object"}}"""));

    [Theory]
    [InlineData("")]
    [InlineData(""","strict":true,"description":"One number." """)]
    [InlineData(""","strict":null""")]
    public void Read_JsonSchema_IsItsGrammar(string more)
    {
        var grammar = Grammar.Parse(Read(JsonSchema($$"""{"name":"one_Number-1","schema":{"type":"integer"}{{more}}}"""))!);

        Assert.True(Matches(grammar, "42"));
        Assert.False(Matches(grammar, "\"42\""));
    }

    [Theory]
    [InlineData("""{"response_format":"json"}""", "invalid_type", "")]
    [InlineData("""{"response_format":{}}""", "missing_required_parameter", ".type")]
    [InlineData("""{"response_format":{"type":"xml"}}""", "invalid_value", ".type")]
    [InlineData("""{"response_format":{"type":1}}""", "invalid_type", ".type")]
    [InlineData("""{"response_format":{"type":"json_schema"}}""", "missing_required_parameter", ".json_schema")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":[]}}""", "invalid_type", ".json_schema")]
    public void Read_WrongField_IsRefusedWithItsPath(string request, string code, string path) => Refused(request, code, path);

    [Theory]
    [InlineData("""{"schema":{}}""", "missing_required_parameter", "name")]
    [InlineData("""{"name":"","schema":{}}""", "invalid_value", "name")]
    [InlineData("""{"name":"a b","schema":{}}""", "invalid_value", "name")]
    [InlineData("""{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","schema":{}}""", "invalid_value", "name")]
    [InlineData("""{"name":"a"}""", "missing_required_parameter", "schema")]
    [InlineData("""{"name":"a","strict":"yes","schema":{}}""", "invalid_type", "strict")]
    [InlineData("""{"name":"a","description":1,"schema":{}}""", "invalid_type", "description")]
    [InlineData("""{"name":"a","schema":{"properties":{"age":{"type":"number","minimum":0.5}}}}""", "unsupported_value", "schema.properties.age.minimum")]
    [InlineData("""{"name":"a","schema":{"type":5}}""", "invalid_type", "schema.type")]
    [InlineData("""{"name":"a","schema":{"type":"text"}}""", "invalid_value", "schema.type")]
    public void Read_WrongJsonSchema_IsRefusedWithItsPath(string schema, string code, string path) =>
        Refused(JsonSchema(schema), code, $".json_schema.{path}");

    private static void Refused(string request, string code, string path)
    {
        var error = Assert.Throws<ApiException>(() => Read(request));

        Assert.Equal((400, code, $"response_format{path}"), (error.Status, error.Code, error.Field));
        Assert.Contains(error.Field!, error.Message, StringComparison.Ordinal);
    }

    private static string JsonSchema(string value) => $$"""{"response_format":{"type":"json_schema","json_schema":{{value}} } }""";

    private static string? Read(string request)
    {
        using var document = JsonDocument.Parse(request);
        return ResponseFormatReader.Read(new JsonFields(document.RootElement, ""));
    }

    private static bool Matches(Grammar grammar, string text)
    {
        var matcher = new GrammarMatcher(grammar);
        return Encoding.UTF8.GetBytes(text).All(matcher.Advance) && matcher.CanEnd;
    }
}
