namespace BTTInferGrid.Inference.Tests.Sampling;

public class LogitCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(3000)]
    public void Find_TopK_IsTheKthLargestLogit(int k)
    {
        foreach (var logits in Examples(4001))
        {
            var sorted = logits.Order().Reverse().ToArray();
            var cut = new LogitCut(logits.Length).Find(logits, sorted[0], new SamplingParameters { TopK = k });
            Assert.Equal(sorted[k - 1], cut);
        }
    }

    [Theory]
    [InlineData(1f, 0.1f)]
    [InlineData(1f, 0.5f)]
    [InlineData(0.7f, 0.9f)]
    [InlineData(2f, 0.99f)]
    [InlineData(2f, 0.999999f)]
    public void Find_TopP_IsTheLastTokenNeeded(float temperature, float topP)
    {
        foreach (var logits in Examples(4001))
        {
            var sorted = logits.Order().Reverse().ToArray();
            double[] weights = [.. sorted.Select(z => Math.Exp((z - sorted[0]) / (double)temperature))];
            var target = topP * weights.Sum();
            var parameters = new SamplingParameters { Temperature = temperature, TopP = topP };

            var cut = new LogitCut(logits.Length).Find(logits, sorted[0], parameters);

            // Single-precision sums may move the border by tokens that weigh next to nothing.
            var slack = 1e-5 * weights.Sum();
            var reached = weights.Where((_, i) => sorted[i] >= cut).Sum();
            var before = weights.Where((_, i) => sorted[i] > cut).Sum();
            Assert.True(reached >= target - slack, $"{reached} of {target}");
            Assert.True(before < target + slack, $"{before} of {target}");
        }
    }

    [Fact]
    public void Find_TopKWithEqualLogits_KeepsThemAll() => Assert.Equal(
        1, new LogitCut(5).Find([3, 1, 1, 1, 0], 3, new SamplingParameters { TopK = 2 }));

    [Fact]
    public void Find_NothingToCut_KeepsAll() => Assert.Equal(
        float.NegativeInfinity, new LogitCut(2).Find([0, -1], 0, new SamplingParameters { TopK = 2 }));

    private static IEnumerable<float[]> Examples(int size)
    {
        var random = new Random(3);
        for (var round = 0; round < 5; round++)
        {
            yield return [.. Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() * 20) - 14))];
        }

        yield return [.. Enumerable.Range(0, size).Select(i => i == 77 ? 30f : -i * 1e-3f)];
        yield return [.. Enumerable.Range(0, size).Select(i => i % 2 == 0 ? -0.0f : 0.0f)];
    }
}
