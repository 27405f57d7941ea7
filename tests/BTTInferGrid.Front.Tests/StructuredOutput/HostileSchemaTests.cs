using System.Text;
using BTTInferGrid.Front.StructuredOutput;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

/// <summary>Schemas made to cost time or memory: refused, or small grammars all the same.</summary>
public class HostileSchemaTests
{
    [Fact]
    public void Convert_TooManyBytes_IsRefused() =>
        Assert.Contains("bytes", Schemas.Refused($$"""{"description":"{{new string('x', JsonSchemaGrammar.MaxBytes)}}"}""").Message);

    [Fact]
    public void Convert_TooDeep_IsRefused() =>
        Assert.Contains("deep", Schemas.Refused(Nested("""{"items":""", 40, "true", "}")).Message);

    [Fact]
    public void Convert_DeepEnumValue_IsRefused() =>
        Assert.Equal($"{Schemas.Path}.enum[0]", Schemas.Refused($$"""{"enum":[{{Nested("[", 100, "", "]")}}]}""").Field);

    [Fact]
    public void Convert_TooManyNames_IsRefused()
    {
        Refused($$"""{"properties":{{{Joined(1001, i => $"\"p{i}\":true")}} } }""", "1000");
        Refused($$"""{"enum":[{{Joined(1001, i => $"{i}")}}]}""", "1000");
        Schemas.Convert($$"""{"properties":{{{Joined(900, i => $"\"p{i}\":true")}} } }""");
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

        Assert.InRange(Schemas.Convert(schema).Length, 1, 10_000);
    }

    [Fact]
    public void Convert_HugeRepetitions_GrowWithTheirLogarithm()
    {
        var grammar = Schemas.Convert($$"""{"items":{{Nested("""{"maxItems":2147483647,"items":""", 10, """{"type":"string","minLength":2147483646,"maxLength":2147483647}""", "}")}},"minItems":1000000}""");

        Assert.InRange(grammar.Length, 1, 40_000);
    }

    [Fact]
    public void Convert_RecursionOverManyTypes_IsRefusedAsTooLarge()
    {
        var types = Joined(150, i => $$""" "d{{i}}":{"properties":{{{Joined(3, p => $"\"property-{i}-{p}\":{{\"$ref\":\"#/$defs/d{((i * 3) + p + 1) % 150}\"}}")}} } }""");

        Refused($$"""{"$ref":"#/$defs/d0","$defs":{ {{types}} } }""", "too large");
    }

    [Fact]
    public void Convert_AlternativesInsideMerges_AreRefused() =>
        Assert.Equal("unsupported_value", Schemas.Refused($$"""
            {"allOf":[{{Joined(30, i => $$"""{"anyOf":[{"required":["a{{i}}"]},{"required":["b{{i}}"]}]}""")}}]}
            """).Code);

    [Fact]
    public void Convert_WideNamesAtEachDepth_AreRefusedBeforeTheEngineSeesThem()
    {
        // Fewer characters than a grammar may have, but more bytes than it may have symbols.
        var names = Joined(10, i => $$""" "{{new string('中', 220)}}{{i}}":{"$ref":"#"}""");

        Refused($$"""{"properties":{ {{names}} } }""", "too large");
    }

    [Fact]
    public void Matcher_ManyOptionalProperties_StaysWithinTheEnginesBounds()
    {
        var grammar = Grammar.Parse(Schemas.Convert($$"""{"properties":{{{Joined(500, i => $"\"p{i}\":{{\"const\":{i}}}")}} } }"""));
        var matcher = new GrammarMatcher(grammar);
        foreach (var value in Encoding.UTF8.GetBytes($"{{{Joined(500, i => $"\"p{i}\": {i}")}}}"))
        {
            matcher.Allow(1 << 20);
            Assert.True(matcher.Advance(value));
        }

        Assert.True(matcher.CanEnd);
    }

    private static void Refused(string schema, string message) =>
        Assert.Contains(message, Schemas.Refused(schema).Message, StringComparison.Ordinal);

    private static string Joined(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static string Nested(string before, int count, string inside, string after) =>
        string.Concat(Enumerable.Repeat(before, count)) + inside + string.Concat(Enumerable.Repeat(after, count));
}
