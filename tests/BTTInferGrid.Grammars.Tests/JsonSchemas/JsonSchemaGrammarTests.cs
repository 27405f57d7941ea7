using System.Text.Json;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>The texts that each keyword allows, and texts that it does not.</summary>
public class JsonSchemaGrammarTests
{
    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},""";
    private const string Optional = """{"properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}}""";

    [Theory]
    [InlineData("""{"type":"string"}""", """ "" | "a b" | "é中😀" | "\n\u00e9\"\\" """, """ a | "a | "\x" | "\ud800" | "\udc00" | 1 | null """)]
    [InlineData("""{"type":"boolean"}""", "true | false", "True | null | 0")]
    [InlineData("""{"type":"null"}""", "null", "nil | 0")]
    [InlineData("""{"type":"integer"}""", "0 | -7 | 999999999999999", "-0 | 01 | 1.0 | 1e3 | 1000000000000000 | -")]
    [InlineData("""{"type":"number"}""", "0 | -7 | 0.5 | -1.25e-3 | 1E+9 | 123456789012345", "01 | .5 | 1. | 1e | 1e400 | NaN")]
    [InlineData("""{"type":["string","null"],"minLength":1}""", """ "a" | null """, """ "" | 1 """)]
    [InlineData("""{"minimum":3,"maximum":4}""", "3 | 4 | 3.5", "2.9 | 4.1")]
    [InlineData("true", """ 1 | "a" | [1,[]] | {"a":{"b":null}} | [{}] """, "[1,] | {1:2} | {a:1} | [")]
    [InlineData("{}", """ 1 | [] """, "[1,]")]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", """ "ab" | "é中😀" | "\n\n" """, """ "a" | "abcd" | "" """)]
    [InlineData("""{"type":"string","maxLength":0}""", """ "" """, """ "a" """)]
    [InlineData("""{"type":"string","minLength":3}""", """ "abc" | "abcdefghijklm" """, """ "ab" """)]
    [InlineData("""{"format":"date"}""", """ "2024-01-31" | "2023-02-28" | "1999-11-30" """, """ "2024-13-01" | "2024-02-30" | "2024-04-31" | "24-01-01" | "2024-01-00" """)]
    [InlineData("""{"format":"time"}""", """ "23:59:59Z" | "00:00:00.25+05:30" | "12:00:00-14:00" """, """ "24:00:00Z" | "12:60:00Z" | "12:00:00" | "12:00:00+14:30" """)]
    [InlineData("""{"format":"date-time"}""", """ "2024-01-31T10:00:00Z" """, """ "2024-01-31" | "2024-01-31 10:00:00Z" """)]
    [InlineData("""{"format":"uuid"}""", """ "123e4567-e89b-12d3-a456-426614174000" """, """ "123e4567e89b12d3a456426614174000" | "123e4567-e89b-12d3-a456-42661417400" """)]
    [InlineData("""{"format":"ipv4"}""", """ "0.0.0.0" | "255.199.10.1" """, """ "256.1.1.1" | "1.1.1" | "01.1.1.1" """)]
    [InlineData("""{"format":"email"}""", """ "a@b.co" | "first.last+tag@mail.example.org" """, """ "a@b" | "@b.co" | "a..b@c.de" | "a b@c.de" """)]
    [InlineData("""{"type":"integer","format":"int32"}""", "5", "1.5")]
    [InlineData("""{"enum":["a","b\n",1,null,true,[1,{"x":2.50}]]}""", """ "a" | "b\n" | 1 | null | true | [1,{"x":2.50}] """, """ "c" | 2 | false | [1] """)]
    [InlineData("""{"type":"string","enum":["a",1]}""", """ "a" """, "1")]
    [InlineData("""{"type":"integer","enum":[1,2.0,2.5,"a"]}""", "1 | 2.0", """ 2.5 | "a" """)]
    [InlineData("""{"const":null}""", "null", "0")]
    [InlineData("""{"type":"null","$ref":null,"anyOf":null,"minimum":null}""", "null", "0")]
    [InlineData("""{"const":"say \"\\ é"}""", """ "say \"\\ é" """, """ "say" """)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "1 | null", """ "a" """)]
    [InlineData("""{"oneOf":[{"const":"x"},{"type":"boolean"}],"description":"d"}""", """ "x" | true """, """ "y" """)]
    [InlineData("""{"allOf":[{"type":"integer","minimum":5}],"title":"t"}""", "5 | 50", "4")]
    public void Convert_ValuesOfAnyType_MatchesThoseOfTheSchemaOnly(string schema, string matching, string others) =>
        Check(schema, matching, others);

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "[] | [1] | [1,2] | [ 1, 2 ] | [\n  1,\n  2\n]", """ [1,] | [,1] | ["a"] | [  1] | [1 ,2] """)]
    [InlineData("""{"items":{"const":1},"minItems":2,"maxItems":3}""", "[1,1] | [1,1,1]", "[] | [1] | [1,1,1,1]")]
    [InlineData("""{"items":{"const":1},"minItems":1}""", "[1] | [1,1,1,1,1,1,1,1,1,1]", "[]")]
    [InlineData("""{"items":{"const":1},"maxItems":0}""", "[] | [ ]", "[1]")]
    [InlineData("""{"items":{"const":1},"minItems":19,"maxItems":21}""", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"items":false}""", "[] | [1] | [1,2]", "[2] | [1,2,3] | [1,1]")]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"items":{"const":3},"minItems":2,"maxItems":3}""", "[1,2] | [1,2,3]", "[1] | [1,2,3,3] | [1,2,2]")]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"minItems":1,"maxItems":1}""", "[1]", "[] | [1,2]")]
    [InlineData("""{"type":"array","maxItems":2}""", """ [] | [1,"a"] | [{"b":[]}] """, "[1,2,3]")]
    [InlineData("""{"items":false}""", "[]", "[1]")]
    public void Convert_Arrays_MatchesThoseOfTheSchemaOnly(string schema, string matching, string others) =>
        Check(schema, matching, others);

    [Theory]
    [InlineData(Person + """ "required":["name","age"],"additionalProperties":false}""", """ {"name":"A","age":3} | { "name": "A", "age": 3 } """, """ {} | {"name":"A"} | {"age":3,"name":"A"} | {"name":"A","age":"3"} | {"name":"A","age":3,"x":1} | {"name":"A","age":3,} """)]
    [InlineData(Person + """ "required":["age"]}""", """ {"name":"A","age":3} | {"age":3} """, """ {"name":"A"} | {} | {"age":3,"name":"A"} | {"age":3,"x":1} """)]
    [InlineData(Optional + "}", """ {} | {"a":1} | {"b":2} | {"c":3} | {"a":1,"b":2} | {"a":1,"c":3} | {"b":2,"c":3} | {"a":1,"b":2,"c":3} """, """ {"b":2,"a":1} | {"a":1,"a":1} | {,"a":1} | {"a":1,} | {"d":1} """)]
    [InlineData(Optional + ""","required":["b"]}""", """ {"b":2} | {"a":1,"b":2} | {"b":2,"c":3} | {"a":1,"b":2,"c":3} """, """ {} | {"a":1} | {"a":1,"c":3} """)]
    [InlineData(Optional + ""","required":["c"]}""", """ {"c":3} | {"a":1,"c":3} | {"b":2,"c":3} | {"a":1,"b":2,"c":3} """, """ {} | {"b":2} """)]
    [InlineData(Optional + ""","required":["a"]}""", """ {"a":1} | {"a":1,"c":3} | {"a":1,"b":2} """, """ {} | {"b":2} """)]
    [InlineData("""{"type":"object"}""", """ {} | {"x":1,"y":[]} """, "[] | {x:1}")]
    [InlineData("""{"additionalProperties":false}""", "{}", """ {"x":1} """)]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", """ {} | {"x":1,"é\n":2} """, """ {"x":"a"} """)]
    [InlineData("""{"properties":{"ab":{"const":1},"ac":{"const":2},"é":{"const":3}},"additionalProperties":{"const":0}}""", """ {} | {"ab":1} | {"x":0} | {"a":0,"abc":0,"":0,"è":0} | {"ab":1,"ad":0} | {"ac":2,"b":0} """, """ {"ab":0} | {"ac":0} | {"é":0} | {"\u0061b":0} | {"x":0,"ab":1} | {"x":1} """)]
    [InlineData("""{"properties":{"a":{"const":1}},"required":["a"],"additionalProperties":true}""", """ {"a":1} | {"a":1,"b":[2],"c":3} """, """ {} | {"b":2} """)]
    [InlineData("""{"required":["id"]}""", """ {"id":1} | {"id":"a","x":2} """, """ {} | {"x":2} """)]
    [InlineData("""{"properties":{"a":{"const":1}},"required":["b"]}""", """ {"a":1,"b":{}} | {"b":0} """, """ {"a":1} """)]
    [InlineData("""{"properties":{"a":false,"b":{"const":1}}}""", """ {} | {"b":1} """, """ {"a":1} """)]
    [InlineData("""{"properties":{"a\"\\\n":{"const":1}}}""", """ {"a\"\\\n":1} """, """ {"a":1} """)]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/base"},{"properties":{"b":{"const":2}},"required":["b"]}],"$defs":{"base":{"type":"object","properties":{"a":{"const":1}},"required":["a"]}}}""", """ {"a":1,"b":2} """, """ {"a":1} | {"b":2} | {"b":2,"a":1} """)]
    [InlineData("""{"properties":{"a":{"const":1},"b":{"const":2}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """ {"a":1} | {"b":2} | {"a":1,"b":2} """, "{}")]
    public void Convert_Objects_MatchesThoseOfTheSchemaOnly(string schema, string matching, string others) =>
        Check(schema, matching, others);

    [Theory]
    [InlineData("""{"properties":{"v":{"const":1},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["v","next"]}""", """ {"v":1,"next":null} | {"v":1,"next":{"v":1,"next":null}} """, """ {"v":1} | {"v":1,"next":{"v":2,"next":null}} """)]
    [InlineData("""{"$ref":"#/$defs/tree","$defs":{"tree":{"properties":{"kids":{"items":{"$ref":"#/$defs/tree"}}},"required":["kids"]}}}""", """ {"kids":[]} | {"kids":[{"kids":[]},{"kids":[{"kids":[]}]}]} """, """ {} | {"kids":[[]]} """)]
    [InlineData("""{"items":{"$ref":"#/definitions/a~1b%20c"},"definitions":{"a/b c":{"const":7}}}""", "[7,7]", "[1]")]
    [InlineData("""{"properties":{"a":{"type":"integer"},"b":{"$ref":"#/properties/a"}}}""", """ {"b":1} """, """ {"b":"x"} """)]
    [InlineData("""{"items":{"$ref":"#"}}""", "[] | [[],[[]]] | [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "[1] | [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]")]
    public void Convert_References_FollowsThemToTheDeepestNesting(string schema, string matching, string others) =>
        Check(schema, matching, others);

    [Fact]
    public void Convert_LongStrings_CountsEachCharacter()
    {
        var grammar = Schemas.ToGrammar("""{"type":"string","minLength":1000,"maxLength":5000}""");

        foreach (var (length, expected) in ((int, bool)[])[(999, false), (1000, true), (1023, true), (4999, true), (5000, true), (5001, false)])
        {
            grammar.Matches($"\"{new string('x', length)}\"").Should().Be(expected, "the length is {0}", length);
        }
    }

    [Fact]
    public void AnyObject_Texts_AreJsonObjects()
    {
        var grammar = Grammar.Parse(JsonSchemaGrammar.AnyObject);

        grammar.ShouldMatchOnly(["""{"a":[1,{"b":null}],"c":"d"}"""], ["[]", "{\"a\":\n1}"]);
        for (var seed = 0; seed < 30; seed++)
        {
            using var json = JsonDocument.Parse(grammar.RandomText(new Random(seed)));
            json.RootElement.ValueKind.Should().Be(JsonValueKind.Object);
        }
    }

    [Fact]
    public void Convert_UnboundedWhiteSpace_IsNotInTheGrammar()
    {
        var grammar = Schemas.ToGrammar("""{"items":{"const":1}}""");

        grammar.ShouldMatchOnly([$"[\n{new string(' ', 32)}1]"], [$"[\n{new string(' ', 33)}1]", "[\n\n1]", "[1] "]);
    }

    private static void Check(string schema, string matching, string others)
    {
        Schemas.ToGrammar(schema).ShouldMatchOnly(Texts(matching), Texts(others));

        static string[] Texts(string texts) => texts.Split('|', StringSplitOptions.TrimEntries);
    }
}
