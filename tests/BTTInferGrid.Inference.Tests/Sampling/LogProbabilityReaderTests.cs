namespace BTTInferGrid.Inference.Tests.Sampling;

public class LogProbabilityReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1003)]
    public void Read_AnyLogits_IsTheirLogSoftmaxAndItsLargest(int size)
    {
        var random = new Random(size);
        float[] logits = [.. Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() * 30) - 15))];
        var normalizer = Math.Log(logits.Sum(z => Math.Exp(z)));
        var top = Math.Min(20, size);

        var read = new LogProbabilityReader(size).Read(logits, size / 2, 20);

        Assert.Equal(size / 2, read.Chosen.Token);
        Assert.Equal(logits[size / 2] - normalizer, read.Chosen.LogProbability, 4);
        Assert.Equal(
            Enumerable.Range(0, size).OrderByDescending(token => logits[token]).Take(top),
            read.Top.Select(entry => entry.Token));
        Assert.All(read.Top, entry => Assert.Equal(logits[entry.Token] - normalizer, entry.LogProbability, 4));
    }

    [Fact]
    public void Read_EqualLogits_ListsTheLowerTokenFirst()
    {
        var logits = new float[50];
        (logits[49], logits[20], logits[3]) = (2, 2, float.NegativeInfinity);
        var read = new LogProbabilityReader(50).Read(logits, 20, 5);
        Assert.Equal([20, 49, 0, 1, 2], read.Top.Select(entry => entry.Token));
    }

    [Fact]
    public void Read_RisingLogits_KeepsTheLast()
    {
        float[] logits = [.. Enumerable.Range(0, 301).Select(i => i * 0.5f)];
        var read = new LogProbabilityReader(301).Read(logits, 0, 3);
        Assert.Equal([300, 299, 298], read.Top.Select(entry => entry.Token));
    }

    [Fact]
    public void Read_NoneAsked_GivesTheChosenAlone()
    {
        var read = new LogProbabilityReader(4).Read([0, 0, 0, 0], 2, 0);
        Assert.Equal(-Math.Log(4), read.Chosen.LogProbability, 5);
        Assert.Empty(read.Top);
    }
}
