namespace BTTInferGrid.Inference.Tests.Sampling;

public class SamplerTests
{
    private const int Draws = 40_000;

    // 99.9 % quantiles of chi-square for 1 to 9 degrees of freedom; the seeds below are fixed, so the outcome is too.
    private static readonly double[] ChiSquare = [0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12, 27.88];

    private static readonly float[] Ten = [2.0f, 1.5f, 1.2f, 0.7f, 0.3f, 0.1f, -0.4f, -0.9f, -1.0f, -2.0f];

    [Theory]
    [InlineData(1f, 0, 1f, 0f)]
    [InlineData(0.5f, 0, 1f, 0f)]
    [InlineData(2f, 0, 1f, 0f)]
    [InlineData(1f, 4, 1f, 0f)]
    [InlineData(1f, 0, 0.8f, 0f)]
    [InlineData(1f, 0, 1f, 0.2f)]
    [InlineData(1.3f, 7, 0.9f, 0.1f)]
    public void Sample_ManyPositions_MatchesTheSoftmaxOfWhatIsKept(float temperature, int topK, float topP, float minP)
    {
        var parameters = new SamplingParameters
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            Seed = 42,
        };
        var expected = Distribution(Ten, parameters);
        var sampler = new Sampler(Ten.Length);
        var counts = new int[Ten.Length];
        for (var position = 0; position < Draws; position++)
        {
            counts[sampler.Sample(Ten, parameters, position)]++;
        }

        Assert.True(Misfit(counts, expected) < ChiSquare[expected.Count(p => p > 0) - 1]);
    }

    [Fact]
    public void Sample_ManySeedsAtOnePosition_MatchesTheSoftmax()
    {
        var sampler = new Sampler(Ten.Length);
        var counts = new int[Ten.Length];
        for (ulong seed = 0; seed < Draws; seed++)
        {
            counts[sampler.Sample(Ten, new SamplingParameters { Seed = seed }, 7)]++;
        }

        Assert.True(Misfit(counts, Distribution(Ten, new SamplingParameters())) < ChiSquare[9]);
    }

    [Fact]
    public void Sample_ConsecutivePositions_AreIndependent()
    {
        float[] even = [0, 0];
        var sampler = new Sampler(2);
        var pairs = new int[4];
        var parameters = new SamplingParameters { Seed = 5 };
        for (var position = 0; position < Draws; position++)
        {
            pairs[(2 * sampler.Sample(even, parameters, position)) + sampler.Sample(even, parameters, position + 1)]++;
        }

        Assert.True(Misfit(pairs, [0.25, 0.25, 0.25, 0.25]) < ChiSquare[3]);
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.8f)]
    [InlineData(2f)]
    public void Sample_LargeVocabulary_EqualsTheLargestNoisyLogit(float temperature)
    {
        // The definition, token by token, against the sampler's short cuts.
        const int size = 5003;
        var random = new Random(11);
        var logits = new float[size];
        var sampler = new Sampler(size);
        for (var position = 0; position < 200; position++)
        {
            for (var i = 0; i < size; i++)
            {
                logits[i] = (float)((random.NextDouble() * 12) - 6 + (random.Next(200) == 0 ? 6 : 0));
            }

            var parameters = new SamplingParameters { Temperature = temperature, Seed = (ulong)position * 977 };
            var stream = GumbelNoise.Stream(parameters.Seed, position);
            var expected = Enumerable.Range(0, size)
                .MaxBy(token => logits[token] + ((double)temperature * GumbelNoise.At(stream, token)));

            Assert.Equal(expected, sampler.Sample(logits, parameters, position));
        }
    }

    [Fact]
    public void Sample_TemperatureZero_TakesTheLikeliestWhateverTheRest()
    {
        var sampler = new Sampler(Ten.Length);
        var greedy = new SamplingParameters { Temperature = 0, TopK = 3, TopP = 0.1f, MinP = 0.5f, Seed = 9 };
        Assert.Equal(0, sampler.Sample(Ten, greedy, 3));
        Assert.Equal(2, new Sampler(4).Sample([1, 0, 5, 5], greedy, 0));
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1e-30f)]
    [InlineData(float.Epsilon)]
    public void Sample_TinyTemperature_TakesTheLikeliest(float temperature)
    {
        var parameters = new SamplingParameters { Temperature = temperature, TopP = 0.9f, MinP = 0.1f };
        parameters.Validate();
        Assert.Equal(0, new Sampler(Ten.Length).Sample(Ten, parameters, 1));
    }

    [Fact]
    public void Sample_ForbiddenTokens_AreNeverChosen()
    {
        float[] logits = [float.NegativeInfinity, 0, float.NegativeInfinity, -3];
        var sampler = new Sampler(4);
        for (var position = 0; position < 2000; position++)
        {
            var token = sampler.Sample(logits, new SamplingParameters { Temperature = 2, TopK = 3 }, position);
            Assert.True(token is 1 or 3);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_BrokenLogits_AreATypedError(float broken)
    {
        float[] logits = [0, 1, broken, 2];
        Assert.Equal(8, Assert.Throws<InvalidLogitsException>(
            () => new Sampler(4).Sample(logits, new SamplingParameters(), 8)).Position);
        Assert.Throws<InvalidLogitsException>(() => new Sampler(4).Sample(logits, SamplingParameters.Greedy, 8));
    }

    [Fact]
    public void Sample_EverythingForbidden_IsATypedError() => Assert.Throws<InvalidLogitsException>(
        () => new Sampler(1).Sample([float.NegativeInfinity], new SamplingParameters(), 0));

    [Fact]
    public void Sample_WrongNumberOfLogits_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Sampler(3).Sample(Ten, new SamplingParameters(), 0));

    [Fact]
    public void Sample_AnyParameters_AllocatesNothing()
    {
        var sampler = new Sampler(Ten.Length);
        SamplingParameters[] all = [SamplingParameters.Greedy, new(), new() { TopK = 3, TopP = 0.8f, MinP = 0.1f }];
        Draw();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Draw();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Draw()
        {
            for (var i = 0; i < 300; i++)
            {
                sampler.Sample(Ten, all[i % all.Length], i);
            }
        }
    }

    [Fact]
    public void Noise_KnownInputs_GivesThePinnedValues()
    {
        // Receipts are checked by replaying this noise: another value here needs another Sampler.Version.
        Assert.Equal(1, Sampler.Version);
        Assert.Equal(12035550249420947055, GumbelNoise.Stream(0, 0));
        Assert.Equal(2703910015621199672UL, GumbelNoise.Stream(ulong.MaxValue, 2047));
        Assert.Equal(0.42809403975481414, GumbelNoise.At(GumbelNoise.Stream(1, 2), 3), 12);
        Assert.Equal(1.7066681960687098, GumbelNoise.At(GumbelNoise.Stream(123456789, 100), 1023), 12);
    }

    private static double Misfit(int[] counts, double[] expected)
    {
        double total = counts.Sum();
        var misfit = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (expected[i] == 0)
            {
                Assert.Equal(0, counts[i]);
                continue;
            }

            misfit += Math.Pow(counts[i] - (total * expected[i]), 2) / (total * expected[i]);
        }

        return misfit;
    }

    /// <summary>The textbook order of the cuts, by sorting; the logits are in descending order already.</summary>
    private static double[] Distribution(float[] logits, SamplingParameters parameters)
    {
        double[] weights = [.. logits.Select(z => Math.Exp(z / parameters.Temperature))];
        var kept = parameters.TopK == 0 ? weights.Length : parameters.TopK;
        var target = parameters.TopP * weights.Take(kept).Sum();
        var reached = 0.0;
        kept = weights.Take(kept).TakeWhile(w => (reached += w) - w < target).Count();
        kept = weights.Take(kept).TakeWhile(w => w >= parameters.MinP * weights[0]).Count();
        var sum = weights.Take(kept).Sum();
        return [.. weights.Select((w, i) => i < kept ? w / sum : 0)];
    }
}
