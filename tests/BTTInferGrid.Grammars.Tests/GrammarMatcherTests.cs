namespace BTTInferGrid.Grammars.Tests;

public class GrammarMatcherTests
{
    [Fact]
    public void Rewind_AfterAnyBytes_TakesThemBack()
    {
        var matcher = new GrammarMatcher(Grammar.Parse("root ::= (\"ab\" | \"ac\" \"d\"?)+"));
        matcher.Follows("abac").Should().BeTrue();
        for (var i = 0; i < 3; i++)
        {
            matcher.Follows("dab").Should().BeTrue();
            matcher.Advance((byte)'x').Should().BeFalse();
            matcher.Length.Should().Be(7);
            matcher.Rewind(4);
            matcher.CanEnd.Should().BeTrue();
        }

        matcher.Rewind(0);
        matcher.CanEnd.Should().BeFalse();
        matcher.Follows("ac").Should().BeTrue();
    }

    [Fact]
    public void Advance_RandomGrammars_MatchesExactlyTheListedTexts()
    {
        // All texts of a grammar without recursion can be listed; the matcher must accept these and no others.
        var random = new Random(8);
        for (var round = 0; round < 100; round++)
        {
            var (text, all) = Random(random, depth: 3);
            var grammar = Grammar.Parse($"root ::= {text}");
            foreach (var word in Enumerable.Range(0, 1 << 5).SelectMany(Texts).Concat(all).Distinct())
            {
                grammar.Matches(word).Should().Be(all.Contains(word), "of {0} and {1}", text, word);
            }
        }

        static IEnumerable<string> Texts(int bits) => Enumerable.Range(0, 6)
            .Select(length => string.Concat(Enumerable.Range(0, length).Select(i => (bits >> i & 1) == 0 ? 'a' : 'b')));
    }

    private static (string Text, HashSet<string> All) Random(Random random, int depth)
    {
        if (depth == 0)
        {
            var letter = random.Next(2) == 0 ? "a" : "b";
            return random.Next(3) == 0 ? ("[ab]", ["a", "b"]) : ($"\"{letter}\"", [letter]);
        }

        var (left, leftTexts) = Random(random, depth - 1);
        var (right, rightTexts) = Random(random, depth - 1);
        return random.Next(4) switch
        {
            0 => ($"({left} | {right})", [.. leftTexts, .. rightTexts]),
            1 => ($"({left})?", [.. leftTexts, ""]),
            2 => ($"({left}){{1,2}}", [.. leftTexts, .. leftTexts.SelectMany(a => leftTexts.Select(b => a + b))]),
            _ => ($"({left} {right})", [.. leftTexts.SelectMany(a => rightTexts.Select(b => a + b))]),
        };
    }
}
