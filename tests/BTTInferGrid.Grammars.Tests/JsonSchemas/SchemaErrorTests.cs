namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Schemas that are invalid or not supported: the kind of error, and the path of the refused element.</summary>
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
        Refused(schema, SchemaError.Unsupported, path);

    [Theory]
    [InlineData("1", SchemaError.InvalidType, "")]
    [InlineData("""{"type":"text"}""", SchemaError.InvalidValue, "type")]
    [InlineData("""{"type":["string","text"]}""", SchemaError.InvalidValue, "type[1]")]
    [InlineData("""{"type":5}""", SchemaError.InvalidType, "type")]
    [InlineData("""{"type":[]}""", SchemaError.InvalidType, "type")]
    [InlineData("""{"properties":[]}""", SchemaError.InvalidType, "properties")]
    [InlineData("""{"properties":{"age":{"type":"integer","minimum":"0"}}}""", SchemaError.InvalidType, "properties.age.minimum")]
    [InlineData("""{"properties":{"age":{"type":"integer","minimum":5,"maximum":4}}}""", SchemaError.InvalidValue, "properties.age.minimum")]
    [InlineData("""{"type":"integer","minimum":9007199254740992}""", SchemaError.InvalidValue, "minimum")]
    [InlineData("""{"type":"number","exclusiveMinimum":1,"maximum":1}""", SchemaError.InvalidValue, "exclusiveMinimum")]
    [InlineData("""{"properties":{"a":3}}""", SchemaError.InvalidType, "properties.a")]
    [InlineData("""{"required":"a"}""", SchemaError.InvalidType, "required")]
    [InlineData("""{"required":[1]}""", SchemaError.InvalidType, "required[0]")]
    [InlineData("""{"properties":{},"required":["a"],"additionalProperties":false}""", SchemaError.InvalidValue, "required[0]")]
    [InlineData("""{"minItems":2,"maxItems":1}""", SchemaError.InvalidValue, "minItems")]
    [InlineData("""{"minItems":-1}""", SchemaError.InvalidValue, "minItems")]
    [InlineData("""{"minLength":2,"maxLength":1}""", SchemaError.InvalidValue, "minLength")]
    [InlineData("""{"prefixItems":{}}""", SchemaError.InvalidType, "prefixItems")]
    [InlineData("""{"enum":[]}""", SchemaError.InvalidType, "enum")]
    [InlineData("""{"enum":"a"}""", SchemaError.InvalidType, "enum")]
    [InlineData("""{"enum":null}""", SchemaError.InvalidType, "enum")]
    [InlineData("""{"type":"string","enum":[1]}""", SchemaError.InvalidValue, "enum")]
    [InlineData("""{"enum":["\ud800"]}""", SchemaError.InvalidValue, "enum[0]")]
    [InlineData("""{"properties":{"\ud800":{}}}""", SchemaError.InvalidValue, "properties")]
    [InlineData("""{"\ud800":{}}""", SchemaError.InvalidValue, "")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{},"\ud800":{}}}""", SchemaError.InvalidValue, "$defs")]
    [InlineData("""{"$ref":"#/$defs/b/items","$defs":{"b":{"\ud800":{}}}}""", SchemaError.InvalidValue, "$defs.b")]
    [InlineData("""{"anyOf":[]}""", SchemaError.InvalidType, "anyOf")]
    [InlineData("""{"allOf":{}}""", SchemaError.InvalidType, "allOf")]
    [InlineData("""{"$ref":5}""", SchemaError.InvalidType, "$ref")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", SchemaError.InvalidValue, "$ref")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", SchemaError.InvalidValue, "$ref")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/1"}},"$defs":[true]}""", SchemaError.InvalidValue, "properties.a.$ref")]
    [InlineData("false", SchemaError.InvalidValue, "")]
    [InlineData("""{"items":false,"minItems":1}""", SchemaError.InvalidValue, "")]
    [InlineData("""{"properties":{"self":{"$ref":"#"}},"required":["self"]}""", SchemaError.InvalidValue, "")]
    public void Convert_InvalidSchema_IsRefusedWithItsPath(string schema, SchemaError error, string path) =>
        Refused(schema, error, path);

    private static void Refused(string schema, SchemaError error, string path)
    {
        var refused = Schemas.Refused(schema);

        (refused.Error, refused.Path).Should().Be((error, path.Length == 0 ? Schemas.Path : $"{Schemas.Path}.{path}"));
        refused.Message.Should().Contain(refused.Path);
    }
}
