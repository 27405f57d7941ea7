using System.Text;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Schemas made to cost time or memory are refused, or become small grammars.</summary>
public class HostileSchemaTests
{
    [Fact]
    public void Convert_TooManyBytes_IsRefused() =>
        Refused($$"""{"description":"{{new string('x', JsonSchemaGrammar.MaxBytes)}}"}""", "bytes");

    [Fact]
    public void Convert_TooDeep_IsRefused() =>
        Refused(Nested("""{"items":""", 40, "true", "}"), "deep");

    [Fact]
    public void Convert_DeepEnumValue_IsRefused() =>
        Schemas.Refused($$"""{"enum":[{{Nested("[", 100, "", "]")}}]}""").Path.Should().Be($"{Schemas.Path}.enum[0]");

    [Fact]
    public void Convert_TooManyNames_IsRefused()
    {
        Refused($$"""{"properties":{{{Joined(1001, i => $"\"p{i}\":true")}} } }""", "1000");
        Refused($$"""{"enum":[{{Joined(1001, i => $"{i}")}}]}""", "1000");
        Schemas.ToGrammar($$"""{"properties":{{{Joined(900, i => $"\"p{i}\":true")}} } }""");
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"properties":{}}]}""")]
    [InlineData("""{"$ref":"#","properties":{}}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}}}""")]
    public void Convert_ReferencesWithoutEnd_IsRefused(string schema) => Refused(schema, "itself");

    [Fact]
    public void Convert_LongChainOfReferences_IsRefused() =>
        Refused($$"""{"$ref":"#/$defs/d0","$defs":{{{Joined(1500, i => $"\"d{i}\":{{\"$ref\":\"#/$defs/d{i + 1}\"}}")}} } }""", "64 references");

    [Fact]
    public void Convert_DefinitionsThatDouble_IsSmallOrRefused()
    {
        // Written out, the last definition stands 2^16 times in the first.
        var definitions = Joined(20, i => $$""" "d{{i}}":{"properties":{"a":{"$ref":"#/$defs/d{{i + 1}}"},"b":{"$ref":"#/$defs/d{{i + 1}}"} } }""");
        var schema = $$"""{"$ref":"#/$defs/d0","$defs":{ {{definitions}},"d20":{"type":"null"} } }""";

        Schemas.Convert(schema).Length.Should().BeLessThan(10_000);
    }

    [Fact]
    public void Convert_HugeRepetitions_GrowWithTheirLogarithm()
    {
        var grammar = Schemas.Convert($$"""{"items":{{Nested("""{"maxItems":2147483647,"items":""", 10, """{"type":"string","minLength":2147483646,"maxLength":2147483647}""", "}")}},"minItems":1000000}""");

        grammar.Length.Should().BeLessThan(40_000);
    }

    [Fact]
    public void Convert_RecursionOverManyTypes_IsRefusedAsTooLarge()
    {
        var types = Joined(150, i => $$""" "d{{i}}":{"properties":{{{Joined(3, p => $"\"property-{i}-{p}\":{{\"$ref\":\"#/$defs/d{((i * 3) + p + 1) % 150}\"}}")}} } }""");

        Refused($$"""{"$ref":"#/$defs/d0","$defs":{ {{types}} } }""", "too large");
    }

    [Fact]
    public void Convert_AlternativesInsideMerges_AreRefused() =>
        Schemas.Refused($$"""
            {"allOf":[{{Joined(30, i => $$"""{"anyOf":[{"required":["a{{i}}"]},{"required":["b{{i}}"]}]}""")}}]}
            """).Error.Should().Be(SchemaError.Unsupported);

    [Fact]
    public void Convert_WideNamesAtEachDepth_AreRefusedAsTooLarge()
    {
        // Fewer characters than the limit on a grammar, but more bytes than its limit on symbols.
        var names = Joined(10, i => $$""" "{{new string('中', 220)}}{{i}}":{"$ref":"#"}""");

        Refused($$"""{"properties":{ {{names}} } }""", "too large");
    }

    [Fact]
    public void Advance_ManyOptionalProperties_TakesFewStepsPerByte()
    {
        var grammar = Schemas.ToGrammar($$"""{"properties":{{{Joined(500, i => $"\"p{i}\":{{\"const\":{i}}}")}} } }""");
        var matcher = new GrammarMatcher(grammar);
        foreach (var value in Encoding.UTF8.GetBytes($"{{{Joined(500, i => $"\"p{i}\": {i}")}}}"))
        {
            matcher.Allow(1 << 20);
            matcher.Advance(value).Should().BeTrue();
        }

        matcher.CanEnd.Should().BeTrue();
    }

    private static void Refused(string schema, string message) =>
        Schemas.Refused(schema).Message.Should().Contain(message);

    private static string Joined(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static string Nested(string before, int count, string inside, string after) =>
        string.Concat(Enumerable.Repeat(before, count)) + inside + string.Concat(Enumerable.Repeat(after, count));
}
