using BTTInferGrid.Grammars;

namespace BTTInferGrid.Inference.Tests.Grammars;

public class GrammarConstraintTests
{
    private static readonly string[] Grammars =
    [
        "root ::= \"yes\" | \"no\"", "root ::= [a-zA-Z ]*", "root ::= .*", "root ::= [^a]+ \"é\" [0-9]{2}",
        "root ::= \"The \" (\"capital\" | \"cat\") \" is \" [A-Z] [a-z]+ \".\"",
    ];

    [Fact]
    public void Restrict_AnyState_LeavesTheTokensThatAreAllowedOneByOne()
    {
        var table = TinyModel.Vocabulary.Table;
        var random = new Random(1);
        foreach (var grammar in Grammars)
        {
            for (var round = 0; round < 5; round++)
            {
                var constraint = new GrammarConstraint(Grammar.Parse(grammar), table);
                for (var step = 0; step < 6; step++)
                {
                    var logits = new float[table.Size];
                    constraint.Restrict(logits);
                    var allowed = Enumerable.Range(0, table.Size).Where(constraint.Allows).ToArray();
                    Assert.Equal(allowed, Enumerable.Range(0, table.Size).Where(t => logits[t] == 0));
                    var goesOn = allowed.Where(t => !table.EndsGeneration(t)).ToArray();
                    if (goesOn.Length == 0)
                    {
                        break;
                    }

                    constraint.Accept(goesOn[random.Next(goesOn.Length)]);
                }
            }
        }
    }

    [Fact]
    public void Allows_ControlTokens_Never()
    {
        var table = TinyModel.Vocabulary.Table;
        var constraint = new GrammarConstraint(Grammar.Parse("root ::= .*"), table);
        Assert.All(Enumerable.Range(0, table.Size).Where(table.IsControl), token =>
            Assert.Equal(table.EndsGeneration(token), constraint.Allows(token)));
    }

    [Fact]
    public void Accept_ForbiddenToken_IsADefectOfTheCaller()
    {
        var constraint = new GrammarConstraint(Grammar.Parse("root ::= \"yes\""), TinyModel.Vocabulary.Table);
        var forbidden = TinyModel.Vocabulary.Encode("no", parseSpecial: false)[0];
        Assert.Throws<InvalidOperationException>(() => constraint.Accept(forbidden));
    }

    [Fact]
    public void Constructor_MoreAlternativesThanItems_FailsTheRequest()
    {
        var grammar = Grammar.Parse("root ::= " + string.Join(" | ", Enumerable.Repeat("\"a\"", 5000)));
        Assert.Throws<RequestFailedException>(() => new GrammarConstraint(grammar, TinyModel.Vocabulary.Table));
    }

    [Fact]
    public void Sample_WithAFilter_ChoosesTheBestOfWhatIsAllowed()
    {
        var random = new Random(2);
        var sampler = new Sampler(100);
        for (var position = 0; position < 500; position++)
        {
            var parameters = new SamplingParameters
            {
                Temperature = position % 5 == 0 ? 0 : 1.2f,
                TopK = position % 3 == 0 ? 4 : 0,
                Seed = 6,
            };
            var logits = Enumerable.Range(0, 100).Select(_ => (float)((random.NextDouble() * 10) - 5)).ToArray();
            var filter = new Some([.. Enumerable.Range(0, 100).Where(_ => random.Next(position % 30 + 2) == 0)]);
            if (filter.Tokens.Count == 0)
            {
                Assert.Throws<RequestFailedException>(() => sampler.Sample(logits, parameters, position, filter));
                continue;
            }

            var cut = parameters.TopK == 0 ? float.NegativeInfinity : logits.OrderDescending().ElementAt(3);
            var kept = filter.Tokens.Where(t => logits[t] >= cut).ToArray();
            var expected = parameters.Temperature == 0 || kept.Length == 0
                ? filter.Tokens.MaxBy(t => logits[t])
                : kept.MaxBy(t => logits[t] + (1.2 * GumbelNoise.At(GumbelNoise.Stream(6, position), t)));
            Assert.Equal(expected, sampler.Sample(logits, parameters, position, filter));
            Assert.Equal(expected, sampler.Judge(logits, parameters, position, filter, expected).Winner);
        }
    }

    private sealed record Some(HashSet<int> Tokens) : ITokenFilter
    {
        public bool Allows(int token) => Tokens.Contains(token);

        public void Restrict(Span<float> logits)
        {
            for (var token = 0; token < logits.Length; token++)
            {
                logits[token] = Tokens.Contains(token) ? logits[token] : float.NegativeInfinity;
            }
        }
    }
}
