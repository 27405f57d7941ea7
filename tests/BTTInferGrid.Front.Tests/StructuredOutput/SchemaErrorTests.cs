namespace BTTInferGrid.Front.Tests.StructuredOutput;

/// <summary>Schemas that are wrong or not supported: the code, and the path of the wrong place.</summary>
public class SchemaErrorTests
{
    [Theory]
    [InlineData("""{"not":{}}""", "not")]
    [InlineData("""{"if":{},"then":{}}""", "if")]
    [InlineData("""{"properties":{"a":{"patternProperties":{}}}}""", "properties.a.patternProperties")]
    [InlineData("""{"properties":{"a":{"dependentRequired":{}}}}""", "properties.a.dependentRequired")]
    [InlineData("""{"items":{"multipleOf":2}}""", "items.multipleOf")]
    [InlineData("""{"uniqueItems":true}""", "uniqueItems")]
    [InlineData("""{"contains":{}}""", "contains")]
    [InlineData("""{"propertyNames":{}}""", "propertyNames")]
    [InlineData("""{"minProperties":1}""", "minProperties")]
    [InlineData("""{"anyOf":[{"type":"null"},{"unknown":1}]}""", "anyOf[1].unknown")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"unevaluatedProperties":false}}}""", "$defs.a.unevaluatedProperties")]
    [InlineData("""{"type":"string","format":"uri"}""", "format")]
    [InlineData("""{"type":"string","format":"uuid","minLength":1}""", "minLength")]
    [InlineData("""{"type":"string","pattern":"a","maxLength":1}""", "maxLength")]
    [InlineData("""{"properties":{"p":{"type":"number","minimum":0.5}}}""", "properties.p.minimum")]
    [InlineData("""{"type":"number","maximum":1e12}""", "maximum")]
    [InlineData("""{"enum":["a"],"maxLength":1}""", "maxLength")]
    [InlineData("""{"enum":["a"],"const":"a"}""", "enum")]
    [InlineData("""{"items":[{}]}""", "items")]
    [InlineData("""{"anyOf":[{}],"oneOf":[{}]}""", "oneOf")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"string"}]}""", "allOf[0].type")]
    [InlineData("""{"allOf":[{"properties":{"a":{}}},{"properties":{"a":{}}}]}""", "allOf[1].properties.a")]
    [InlineData("""{"allOf":[{"properties":{"a":{}},"additionalProperties":false},{"properties":{"b":{}}}]}""", "allOf[0].additionalProperties")]
    [InlineData("""{"properties":{"a":{}},"anyOf":[{"anyOf":[{"required":["a"]}]}]}""", "anyOf[0].anyOf")]
    public void Convert_NotSupported_IsRefusedWithItsPath(string schema, string path) =>
        Refused(schema, "unsupported_value", path);

    [Theory]
    [InlineData("1", "invalid_type", "")]
    [InlineData("""{"type":"text"}""", "invalid_value", "type")]
    [InlineData("""{"type":["string","text"]}""", "invalid_value", "type[1]")]
    [InlineData("""{"type":5}""", "invalid_type", "type")]
    [InlineData("""{"type":[]}""", "invalid_type", "type")]
    [InlineData("""{"properties":[]}""", "invalid_type", "properties")]
    [InlineData("""{"properties":{"age":{"type":"integer","minimum":"0"}}}""", "invalid_type", "properties.age.minimum")]
    [InlineData("""{"properties":{"age":{"type":"integer","minimum":5,"maximum":4}}}""", "invalid_value", "properties.age.minimum")]
    [InlineData("""{"type":"integer","minimum":9007199254740992}""", "invalid_value", "minimum")]
    [InlineData("""{"type":"number","exclusiveMinimum":1,"maximum":1}""", "invalid_value", "exclusiveMinimum")]
    [InlineData("""{"properties":{"a":3}}""", "invalid_type", "properties.a")]
    [InlineData("""{"required":"a"}""", "invalid_type", "required")]
    [InlineData("""{"required":[1]}""", "invalid_type", "required[0]")]
    [InlineData("""{"properties":{},"required":["a"],"additionalProperties":false}""", "invalid_value", "required[0]")]
    [InlineData("""{"minItems":2,"maxItems":1}""", "invalid_value", "minItems")]
    [InlineData("""{"minItems":-1}""", "invalid_value", "minItems")]
    [InlineData("""{"minLength":2,"maxLength":1}""", "invalid_value", "minLength")]
    [InlineData("""{"prefixItems":{}}""", "invalid_type", "prefixItems")]
    [InlineData("""{"enum":[]}""", "invalid_type", "enum")]
    [InlineData("""{"enum":"a"}""", "invalid_type", "enum")]
    [InlineData("""{"enum":null}""", "invalid_type", "enum")]
    [InlineData("""{"type":"string","enum":[1]}""", "invalid_value", "enum")]
    [InlineData("""{"enum":["\ud800"]}""", "invalid_value", "enum[0]")]
    [InlineData("""{"properties":{"\ud800":{}}}""", "invalid_value", "properties")]
    [InlineData("""{"\ud800":{}}""", "invalid_value", "")]
    [InlineData("""{"anyOf":[]}""", "invalid_type", "anyOf")]
    [InlineData("""{"allOf":{}}""", "invalid_type", "allOf")]
    [InlineData("""{"$ref":5}""", "invalid_type", "$ref")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "invalid_value", "$ref")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "invalid_value", "$ref")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/1"}},"$defs":[true]}""", "invalid_value", "properties.a.$ref")]
    [InlineData("false", "invalid_value", "")]
    [InlineData("""{"items":false,"minItems":1}""", "invalid_value", "")]
    [InlineData("""{"properties":{"self":{"$ref":"#"}},"required":["self"]}""", "invalid_value", "")]
    public void Convert_WrongSchema_IsRefusedWithItsPath(string schema, string code, string path) => Refused(schema, code, path);

    private static void Refused(string schema, string code, string path)
    {
        var error = Schemas.Refused(schema);

        Assert.Equal(400, error.Status);
        Assert.Equal((code, path.Length == 0 ? Schemas.Path : $"{Schemas.Path}.{path}"), (error.Code, error.Field));
        Assert.Contains(error.Field!, error.Message, StringComparison.Ordinal);
    }
}
