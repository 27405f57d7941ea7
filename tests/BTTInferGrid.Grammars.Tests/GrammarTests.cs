namespace BTTInferGrid.Grammars.Tests;

/// <summary>What GBNF means, and where errors in it are found.</summary>
public class GrammarTests
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
    public void Parse_AnyGrammar_MatchesItsTextsOnly(string grammar, string matching, string others) =>
        Grammar.Parse(grammar).ShouldMatchOnly(matching.Split(' '), others.Split(' '));

    [Fact]
    public void Parse_EmptyRule_MatchesTheEmptyTextOnly()
    {
        Grammar.Parse("root ::= \"\"").ShouldMatchOnly([""], ["a"]);
        Grammar.Parse("root ::= ").ShouldMatchOnly([""], ["a"]);
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
    public void Parse_InvalidText_ThrowsWithThePosition(string grammar, int position) =>
        FluentActions.Invoking(() => Grammar.Parse(grammar)).Should().Throw<GrammarException>().Which.Position.Should().Be(position);

    [Fact]
    public void Parse_TextCutOrChanged_ReturnsOrThrowsGrammarException()
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
                Grammar.Parse(new string(text)).Matches("aAb5");
                parsed++;
            }
            catch (GrammarException)
            {
            }
        }

        parsed.Should().BeInRange(1, 4_999);
    }
}
