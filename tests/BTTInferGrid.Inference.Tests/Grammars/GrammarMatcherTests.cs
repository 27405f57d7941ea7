using System.Text;

namespace BTTInferGrid.Inference.Tests.Grammars;

public class GrammarMatcherTests
{
    [Theory]
    [InlineData("root ::= \"yes\" | \"no\"", "yes no", "y n es yesno maybe")]
    [InlineData("root ::= [a-c]+ # letters", "a abc cab", "d ad")]
    [InlineData("root ::= [^a-c]", "d é 中 😀 \n", "a c dd")]
    [InlineData("root ::= .{2}", "ab é中 😀x", "a abc")]
    [InlineData("root ::= \"a\"{2,3} \"b\"?", "aa aaa aab aaab", "a aaaa b")]
    [InlineData("root ::= \"ab\"{2,}", "abab ababab", "ab aba")]
    [InlineData("root ::= (\"x\" | \"yz\")* \"!\"", "! x! yz! xyzx!", "y! x")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F600\\\"\\\\\"", "Aé😀\"\\", "A")]
    [InlineData("root ::= [\\]\\-x]", "] - x", "\\ y")]
    [InlineData("root ::= [a-]", "a -", "b")]
    [InlineData("root ::= [à-ü]", "à ü é", "a ý ß¿")]
    [InlineData("root ::= item (\",\" item)*\nitem ::= [0-9]+\r\n", "1 12,3 1,2,3", "1, ,1")]
    [InlineData("root ::= (\n  \"a\" |\n  \"b\"\n)\n\n# end\n", "a b", "ab")]
    [InlineData("root ::= root \"a\" | \"b\"", "b ba baaa", "a ab")]
    [InlineData("root ::= a root \"x\" | \"y\"\na ::= b\nb ::= \"\" | \"z\"", "y yx zyx yxx zzyxx", "x z")]
    [InlineData("root ::= e\ne ::= e \"+\" e | \"1\"", "1 1+1 1+1+1+1", "1+ +1")]
    [InlineData("root ::= \"a\" (\"b\" | never)\nnever ::= \"c\" never", "ab", "ac a")]
    public void Parse_AnyGrammar_MatchesItsTextsOnly(string grammar, string matching, string others)
    {
        Assert.All(Words(matching), word => Assert.True(Matches(grammar, word), word));
        Assert.All(Words(others), word => Assert.False(Matches(grammar, word), word));

        static string[] Words(string words) => words.Split(' ');
    }

    [Fact]
    public void Parse_EmptyText_MatchesNothingElse()
    {
        Assert.True(Matches("root ::= \"\"", ""));
        Assert.True(Matches("root ::= ", ""));
        Assert.False(Matches("root ::= \"\"", "a"));
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("start ::= \"a\"", -1)]
    [InlineData("root ::= missing", -1)]
    [InlineData("root ::= root", -1)]
    [InlineData("root ::= \"a\" root", -1)]
    [InlineData("root ::= []", -1)]
    [InlineData("root = \"a\"", 5)]
    [InlineData("root ::= \"a", 11)]
    [InlineData("root ::= [a", 11)]
    [InlineData("root ::= (\"a\"", 13)]
    [InlineData("root ::= \"a\")", 12)]
    [InlineData("root ::= \"\\q\"", 10)]
    [InlineData("root ::= \"\\xZZ\"", 12)]
    [InlineData("root ::= \"\\U00110000\"", 12)]
    [InlineData("root ::= \"\\uD800\"", 12)]
    [InlineData("root ::= \"a\"{2001}", 13)]
    [InlineData("root ::= \"a\"{3,2}", 17)]
    [InlineData("root ::= \"a\"{,2}", 13)]
    [InlineData("root ::= *", 9)]
    [InlineData("root ::= <think>", 9)]
    [InlineData("root ::= !<[5]>", 9)]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", 13)]
    [InlineData("root ::= \"a\" ::=", 13)]
    [InlineData("root ::= \"a\u0000", 12)]
    [InlineData("\u0000", 0)]
    [InlineData("räksmörgås", 1)]
    public void Parse_BadText_IsATypedErrorWithThePlace(string grammar, int position)
    {
        var error = Assert.Throws<GrammarException>(() => Grammar.Parse(grammar));
        Assert.Equal((position, "Grammar"), (error.Position, error.Field));
    }

    [Fact]
    public void Parse_AnyTextCutOrChanged_IsAGrammarOrATypedError()
    {
        const string Good = "root ::= (\"a\\x41\" | [^b-c]{1,3})* x? # c\nx ::= .+ [0-9] | \"\"\n";
        var random = new Random(3);
        var parsed = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var text = Good.ToCharArray().AsSpan(0, random.Next(Good.Length + 1)).ToArray();
            for (var change = 0; change < 3 && text.Length > 0; change++)
            {
                text[random.Next(text.Length)] = Good[random.Next(Good.Length)];
            }

            try
            {
                Matches(new string(text), "aAb5");
                parsed++;
            }
            catch (GrammarException)
            {
            }
        }

        Assert.InRange(parsed, 1, 4_999);
    }

    [Fact]
    public void Rewind_AfterAnyBytes_ForgetsThemAll()
    {
        var matcher = new GrammarMatcher(Grammar.Parse("root ::= (\"ab\" | \"ac\" \"d\"?)+"));
        Assert.True(Follow(matcher, "abac"));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Follow(matcher, "dab"));
            Assert.False(matcher.Advance((byte)'x'));
            Assert.Equal(7, matcher.Length);
            matcher.Rewind(4);
            Assert.True(matcher.CanEnd);
        }

        matcher.Rewind(0);
        Assert.False(matcher.CanEnd);
        Assert.True(Follow(matcher, "ac"));
    }

    [Fact]
    public void Advance_RandomGrammars_AgreesWithAllTextsWrittenOut()
    {
        // Every text of a grammar without recursion can be listed; the matcher must accept those and no others.
        var random = new Random(8);
        for (var round = 0; round < 100; round++)
        {
            var (text, all) = Random(random, depth: 3);
            var grammar = $"root ::= {text}";
            foreach (var word in Enumerable.Range(0, 1 << 5).SelectMany(Texts).Concat(all).Distinct())
            {
                Assert.Equal(all.Contains(word), Matches(grammar, word));
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

    private static bool Matches(string grammar, string text)
    {
        var matcher = new GrammarMatcher(Grammar.Parse(grammar));
        return Follow(matcher, text) && matcher.CanEnd;
    }

    private static bool Follow(GrammarMatcher matcher, string text) =>
        Encoding.UTF8.GetBytes(text).All(matcher.Advance);
}
