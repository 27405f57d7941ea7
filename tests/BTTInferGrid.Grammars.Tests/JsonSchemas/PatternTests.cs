using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

public class PatternTests
{
    [Theory]
    [InlineData(@"^[A-Z]{2}-\d{3,5}$", new[] { "AB-123", "XY-00000" }, new[] { "A-123", "AB-12", "AB-123456", "ab-123", "xAB-123" })]
    [InlineData(@"^(a|bc)*?$", new[] { "", "a", "bcabc" }, new[] { "b", "c" })]
    [InlineData(@"^(?:x+y?)+$", new[] { "x", "xxyx" }, new[] { "", "y", "xyy" })]
    [InlineData("^a.c$", new[] { "abc", "a中c" }, new[] { "ac", "a\nc", "abbc" })]
    [InlineData(@"^\w+\s\S$", new[] { "ab_9 x", "a\t!" }, new[] { "ab", "a  ", "é x" })]
    [InlineData("^[^a-c]$", new[] { "d", "\"", "\\", "\n", "é" }, new[] { "a", "", "dd" })]
    [InlineData("^\"\\\\[\"\\\\\\]^-]$", new[] { "\"\\\"", "\"\\\\", "\"\\]", "\"\\^", "\"\\-" }, new[] { "\"\\a", "\"" })]
    [InlineData(@"^\x41\u00e9\.\$\/$", new[] { "Aé.$/" }, new[] { "Aéx$/" })]
    [InlineData("^https://", new[] { "https://", "https://a.b" }, new[] { "http://a", "xhttps://" })]
    [InlineData("b$", new[] { "b", "aab" }, new[] { "ba" })]
    [InlineData("b", new[] { "b", "abc" }, new[] { "ac", "" })]
    [InlineData("^a$|^b|c$", new[] { "a", "bx", "xc" }, new[] { "ax", "xb", "cx" })]
    [InlineData("^x{0,300}$", new[] { "", "xxx" }, new[] { "y" })]
    [InlineData(@"^[\d.]{2,}$", new[] { "1.", "..." }, new[] { "1", "a." })]
    [InlineData(@"^[\s\S]$", new[] { "a", "\"", "😀" }, new[] { "", "aa" })]
    public void Convert_Pattern_MatchesTheSameTextsAsARegex(string pattern, string[] matching, string[] others)
    {
        var grammar = Schemas.ToGrammar(Schema(pattern));
        grammar.ShouldMatchOnly([.. matching.Select(Json)], [.. others.Select(Json)]);

        // The same pattern in .NET, over random texts of the grammar.
        for (var seed = 0; seed < 20; seed++)
        {
            var text = JsonSerializer.Deserialize<string>(grammar.RandomText(new Random(seed)))!;
            if (!text.Any(char.IsSurrogate))
            {
                text.Should().MatchRegex(new Regex(pattern, RegexOptions.ECMAScript));
            }
        }
    }

    [Theory]
    [InlineData("^(?=a)b$")]
    [InlineData("^(?<name>a)$")]
    [InlineData(@"^(a)\1$")]
    [InlineData(@"\bword\b")]
    [InlineData(@"^\p{L}$")]
    [InlineData("a^b")]
    [InlineData("(a$)")]
    [InlineData("a$b")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[z-a]")]
    [InlineData("*")]
    [InlineData("a**")]
    [InlineData("a{2,1}")]
    [InlineData("a{10001}")]
    [InlineData("a{x}")]
    [InlineData("a\\")]
    [InlineData(@"\ud800")]
    [InlineData("((((((((((((((((((((a))))))))))))))))))))")]
    public void Convert_PatternBeyondTheSubset_IsRefusedWithItsPath(string pattern)
    {
        var error = Schemas.Refused($$"""{"properties":{"code":{{Schema(pattern)}} } }""");

        (error.Error, error.Path).Should().Be((SchemaError.Unsupported, $"{Schemas.Path}.properties.code.pattern"));
    }

    private static string Schema(string pattern) => new JsonObject { ["type"] = "string", ["pattern"] = pattern }.ToJsonString();

    private static string Json(string text) => $"\"{string.Concat(text.Select(Escape))}\"";

    private static string Escape(char c) => c switch
    {
        '"' or '\\' => $"\\{c}",
        '\n' => "\\n",
        '\t' => "\\t",
        _ => c.ToString(),
    };
}
