namespace BTTInferGrid.Inference.Tests.Sampling;

public class SamplerJudgeTests
{
    private static readonly SamplingParameters[] All =
    [
        SamplingParameters.Greedy, new() { Seed = 1 }, new() { Temperature = 0.3f, Seed = 2 }, new() { TopK = 1 },
        new() { TopK = 5, TopP = 0.8f, Seed = 3 }, new() { Temperature = 2, MinP = 0.1f, Seed = 4 },
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(777)]
    public void Judge_RandomLogits_AgreesWithTheDefinition(int size)
    {
        var random = new Random(size);
        var sampler = new Sampler(size);
        for (var position = 0; position < 300; position++)
        {
            var parameters = All[position % All.Length];
            var logits = Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() * 16) - 8)).ToArray();
            var token = random.Next(size);
            var standing = sampler.Judge(logits, parameters, position, null, token);

            var cut = parameters.Temperature == 0
                ? float.NegativeInfinity
                : new LogitCut(size).Find(logits, logits.Max(), parameters);
            var scores = logits.Select((z, t) => z < cut ? double.NegativeInfinity : Score(z, t)).ToArray();
            var order = Enumerable.Range(0, size).OrderByDescending(t => scores[t]).ToArray();
            var margin = Math.Max(scores[order[0]] - Score(logits[token], token), cut - logits[token]);
            Assert.Equal(sampler.Sample(logits, parameters, position), standing.Winner);
            Assert.Equal(order[0], standing.Winner);
            Assert.Equal((float)(scores[order[0]] - scores[order[1]]), standing.Lead, 1e-4f);
            Assert.Equal(token == order[0] ? 0 : (float)Math.Max(0, margin), standing.Margin, 1e-4f);

            double Score(float z, int t) => parameters.Temperature == 0
                ? z
                : z + (parameters.Temperature * GumbelNoise.At(GumbelNoise.Stream(parameters.Seed, position), t));
        }
    }

    [Fact]
    public void Judge_ForbiddenToken_IsInfinitelyFarOff()
    {
        foreach (var parameters in All)
        {
            var standing = new Sampler(3).Judge([1, float.NegativeInfinity, 0.5f], parameters, 0, null, 1);
            Assert.True(float.IsPositiveInfinity(standing.Margin));
        }
    }

    [Fact]
    public void Judge_OnlyOneTokenAllowed_LeadsInfinitely()
    {
        float[] logits = [float.NegativeInfinity, 3, float.NegativeInfinity];
        Assert.Equal(
            new TokenStanding(1, 0, float.PositiveInfinity), new Sampler(3).Judge(logits, new(), 0, null, 1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Judge_BrokenLogits_AreATypedError(float broken) => Assert.Throws<InvalidLogitsException>(
        () => new Sampler(3).Judge([1, broken, 2], new(), 0, null, 0));
}
