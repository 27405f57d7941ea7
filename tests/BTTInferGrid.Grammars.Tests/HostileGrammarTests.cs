using System.Globalization;
using System.Text;

namespace BTTInferGrid.Grammars.Tests;

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
    public void Advance_HugeRepetitions_FollowsOrThrowsGrammarCostException(string grammar)
    {
        try
        {
            var matcher = new GrammarMatcher(Grammar.Parse(grammar));
            matcher.Allow(20_000_000);
            for (var i = 0; i < 100; i++)
            {
                (matcher.Advance((byte)'a') || matcher.Advance((byte)'y')).Should().BeTrue();
            }
        }
        catch (GrammarCostException refused)
        {
            refused.Message.Should().Contain("ambiguous");
        }
    }

    [Fact]
    public void Parse_MoreSymbolsThanAllowed_IsRefused() =>
        Refused("root ::= " + string.Concat(Enumerable.Repeat("\"a\"{0,2000} ", 30)));

    [Fact]
    public void Parse_ChainOfRulesThatBranch_TakesLinearTime()
    {
        // A check that follows each branch separately takes 2^2000 steps here.
        var grammar = new StringBuilder("root ::= r0\n");
        for (var i = 0; i < 2000; i++)
        {
            grammar.Append(CultureInfo.InvariantCulture, $"r{i} ::= r{i + 1} | r{i + 1}\n");
        }

        var matcher = new GrammarMatcher(Grammar.Parse(grammar + "r2000 ::= \"a\""));
        matcher.Advance((byte)'a').Should().BeTrue();
        matcher.CanEnd.Should().BeTrue();
    }

    [Theory]
    [InlineData("root ::= \"x\" root \"y\" | \"x\" root \"z\" | \"\"")]
    [InlineData("root ::= root root | \"x\" | \"\"")]
    [InlineData("root ::= a a a a a a a a a a a a a a a a\na ::= \"x\"* | a \"x\" a | \"\"")]
    public void Advance_AmbiguousGrammar_FollowsOrThrowsGrammarCostException(string grammar)
    {
        var matcher = new GrammarMatcher(Grammar.Parse(grammar));
        matcher.Allow(50_000_000);
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                matcher.Advance((byte)'x').Should().BeTrue();
            }
        }
        catch (GrammarCostException refused)
        {
            refused.Message.Should().Contain("ambiguous");
        }
    }

    [Fact]
    public void Constructor_MoreAlternativesThanItems_ThrowsGrammarCostException()
    {
        var grammar = Grammar.Parse("root ::= " + string.Join(" | ", Enumerable.Repeat("\"a\"", GrammarMatcher.MaxSetItems)));

        FluentActions.Invoking(() => new GrammarMatcher(grammar)).Should().Throw<GrammarCostException>();
    }

    [Fact]
    public void Rewind_NegativeLength_Throws() =>
        new GrammarMatcher(Grammar.Parse("root ::= \"a\"")).Invoking(matcher => matcher.Rewind(-1))
            .Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Advance_LongText_KeepsTheWorkPerByteConstant()
    {
        var matcher = new GrammarMatcher(Grammar.Parse("root ::= \"[\" ([a-z]+ \",\")* \"]\""));
        matcher.Advance((byte)'[').Should().BeTrue();
        for (var i = 0; i < 20_000; i++)
        {
            matcher.Allow(200);
            matcher.Advance(i % 9 == 8 ? (byte)',' : (byte)'q').Should().BeTrue();
        }
    }

    private static void Refused(string grammar) =>
        FluentActions.Invoking(() => Grammar.Parse(grammar)).Should().Throw<GrammarException>();
}
