namespace BTTInferGrid.Inference.Tests.Commitments;

public class LogitEvidenceTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.5, 384)]
    [InlineData(-1.5, -384)]
    [InlineData(0.001953125, 0)]
    [InlineData(0.005859375, 2)]
    [InlineData(1e6, 32767)]
    [InlineData(-1e6, -32767)]
    [InlineData(double.PositiveInfinity, 32767)]
    [InlineData(double.NegativeInfinity, -32767)]
    [InlineData(double.NaN, -32768)]
    public void ToFixed_AnyNumber_RoundsHalfToEvenAndSaturates(double value, int expected)
    {
        Assert.Equal(expected, LeafCodec.ToFixed((float)value, 256));
        Assert.Equal(double.IsNaN(value), float.IsNaN(LeafCodec.FromFixed((short)expected, 256)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(63)]
    [InlineData(1024)]
    public void Measure_RandomLogits_AgreesWithTheDefinition(int size)
    {
        var random = new Random(size);
        var evidence = new LogitEvidence(size);
        var projection = new LogitProjection(Key, size);
        for (var round = 0; round < 50; round++)
        {
            // Few distinct values, so that ties occur.
            var logits = Enumerable.Range(0, size).Select(_ => random.Next(-40, 40) / 4f).ToArray();
            var token = random.Next(size);
            evidence.Measure(logits, token, projection);

            var logTotal = Math.Log(logits.Sum(z => Math.Exp(z)));
            var top = Enumerable.Range(0, size).OrderByDescending(t => logits[t]).ThenBy(t => t).Take(5).ToArray();
            Assert.Equal(logits[token] - logTotal, evidence.LogProbability, 1e-4);
            Assert.Equal(top, evidence.TopTokens[..top.Length]);
            Assert.All(evidence.TopTokens[top.Length..], t => Assert.Equal(-1, t));
            Assert.All(evidence.TopLogProbabilities[top.Length..], p => Assert.True(float.IsNaN(p)));
            for (var i = 0; i < top.Length; i++)
            {
                Assert.Equal(logits[top[i]] - logTotal, evidence.TopLogProbabilities[i], 1e-4);
            }
        }
    }

    [Fact]
    public void Measure_AllLogitsShifted_ChangesNothing()
    {
        var evidence = new LogitEvidence(200);
        var projection = new LogitProjection(Key, 200);
        var logits = Enumerable.Range(0, 200).Select(i => MathF.Sin(i) * 5).ToArray();
        evidence.Measure(logits, 7, projection);
        var (before, numbers) = (evidence.LogProbability, evidence.Projection.ToArray());
        evidence.Measure([.. logits.Select(z => z + 20)], 7, projection);
        Assert.Equal(before, evidence.LogProbability, 1e-4);
        Assert.All(numbers.Zip(evidence.Projection), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void Measure_AnyLogitMoved_MovesEveryNumberOfTheProjection()
    {
        var evidence = new LogitEvidence(64);
        var projection = new LogitProjection(Key, 64);
        var logits = new float[64];
        for (var i = 0; i < 64; i++)
        {
            Array.Clear(logits);
            logits[i] = 8;
            evidence.Measure(logits, 0, projection);
            Assert.All(evidence.Projection, number => Assert.InRange(Math.Abs(number), 0.5, 1.5));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Measure_BrokenLogits_RecordsThatTheyAreNoNumbers(float broken)
    {
        var logits = SampleCommitment.Logits(0);
        logits[50] = broken;
        var evidence = new LogitEvidence(logits.Length);
        evidence.Measure(logits, 3, new LogitProjection(Key, logits.Length));
        Assert.True(float.IsNaN(evidence.LogProbability) || float.IsNegativeInfinity(evidence.LogProbability));
        Assert.All(evidence.Projection, number => Assert.True(float.IsNaN(number)));
    }

    [Fact]
    public void Project_AnotherKey_GivesOtherNumbers()
    {
        var logits = Enumerable.Range(0, 1000).Select(i => MathF.Cos(i) * 4).ToArray();
        Span<float> first = stackalloc float[8];
        Span<float> second = stackalloc float[8];
        new LogitProjection(Key, 1000).Project(logits, 0, first);
        new LogitProjection(new byte[32], 1000).Project(logits, 0, second);
        for (var i = 0; i < 8; i++)
        {
            Assert.True(Math.Abs(first[i] - second[i]) > 1e-3);
        }
    }

    [Fact]
    public void Project_ManyLogits_KeepsTheirSpread()
    {
        // Over many keys the numbers have the spread of the logits themselves, so one fixed scale suits all sizes.
        var random = new Random(5);
        var logits = Enumerable.Range(0, 2000).Select(_ => (float)((random.NextDouble() * 12) - 6)).ToArray();
        var spread = Math.Sqrt(logits.Average(z => z * z));
        var sum = 0.0;
        Span<float> numbers = stackalloc float[8];
        for (var i = 0; i < 100; i++)
        {
            new LogitProjection(BitConverter.GetBytes(i), 2000).Project(logits, logits.Average(), numbers);
            foreach (var number in numbers)
            {
                sum += number * number / 800.0;
            }
        }

        Assert.InRange(Math.Sqrt(sum) / spread, 0.85, 1.15);
    }
}
