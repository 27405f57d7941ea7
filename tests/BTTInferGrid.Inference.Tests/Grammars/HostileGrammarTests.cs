using System.Globalization;
using System.Text;

namespace BTTInferGrid.Inference.Tests.Grammars;

public class HostileGrammarTests
{
    [Fact]
    public void Parse_TooLong_IsRefused() => Refused("root ::= \"" + new string('a', 1 << 16) + "\"");

    [Fact]
    public void Parse_DeeplyNested_IsRefused()
    {
        Refused("root ::= " + new string('(', 30_000) + "\"a\"" + new string(')', 30_000));
        Grammar.Parse("root ::= " + new string('(', 64) + "\"a\"" + new string(')', 64));
    }

    [Theory]
    [InlineData("root ::= \"a\"{2000}{2000}{2000}{2000}")]
    [InlineData("root ::= ((((\"a\"{0,2000}){0,2000}){0,2000}){0,2000}){0,2000}")]
    [InlineData("root ::= a a a a a a a a\na ::= \"x\"{0,2000} [a-z]{0,2000} \"y\"{0,2000} [b-z]{0,2000}")]
    public void Advance_HugeRepetitions_AreFollowedOrEndWithATypedError(string grammar)
    {
        try
        {
            var matcher = new GrammarMatcher(Grammar.Parse(grammar));
            matcher.Allow(20_000_000);
            for (var i = 0; i < 100; i++)
            {
                Assert.True(matcher.Advance((byte)'a') || matcher.Advance((byte)'y'));
            }
        }
        catch (RequestFailedException refused)
        {
            Assert.Contains("ambiguous", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_MoreSymbolsThanAllowed_IsRefused() =>
        Refused("root ::= " + string.Concat(Enumerable.Repeat("\"a\"{0,2000} ", 30)));

    [Fact]
    public void Parse_ChainOfRulesThatBranch_TakesLinearTime()
    {
        // A check that follows each branch on its own takes 2^5000 steps here.
        var grammar = new StringBuilder("root ::= r0\n");
        for (var i = 0; i < 2000; i++)
        {
            grammar.Append(CultureInfo.InvariantCulture, $"r{i} ::= r{i + 1} | r{i + 1}\n");
        }

        var matcher = new GrammarMatcher(Grammar.Parse(grammar + "r2000 ::= \"a\""));
        Assert.True(matcher.Advance((byte)'a'));
        Assert.True(matcher.CanEnd);
    }

    [Theory]
    [InlineData("root ::= \"x\" root \"y\" | \"x\" root \"z\" | \"\"")]
    [InlineData("root ::= root root | \"x\" | \"\"")]
    [InlineData("root ::= a a a a a a a a a a a a a a a a\na ::= \"x\"* | a \"x\" a | \"\"")]
    public void Advance_AmbiguousGrammar_IsFollowedOrEndsWithATypedError(string grammar)
    {
        var matcher = new GrammarMatcher(Grammar.Parse(grammar));
        matcher.Allow(50_000_000);
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                Assert.True(matcher.Advance((byte)'x'));
            }
        }
        catch (RequestFailedException refused)
        {
            Assert.Contains("ambiguous", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Advance_LongText_KeepsTheWorkPerByteConstant()
    {
        var matcher = new GrammarMatcher(Grammar.Parse("root ::= \"[\" ([a-z]+ \",\")* \"]\""));
        Assert.True(matcher.Advance((byte)'['));
        for (var i = 0; i < 20_000; i++)
        {
            matcher.Allow(200);
            Assert.True(matcher.Advance(i % 9 == 8 ? (byte)',' : (byte)'q'));
        }
    }

    private static void Refused(string grammar) => Assert.Throws<GrammarException>(() => Grammar.Parse(grammar));
}
