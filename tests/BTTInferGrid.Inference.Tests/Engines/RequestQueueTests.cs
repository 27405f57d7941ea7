namespace BTTInferGrid.Inference.Tests.Engines;

public class RequestQueueTests
{
    private readonly RequestQueue _queue = new(1000);

    [Fact]
    public void First_EqualPriorities_AreServedAsTheyCame()
    {
        Generation[] arrived = [Add(0), Add(0), Add(0)];
        Assert.All(arrived, expected => Assert.Same(expected, Take()));
    }

    [Fact]
    public void First_HigherPriority_GoesFirst()
    {
        var (low, middle, high) = (Add(-1), Add(0), Add(10));
        Assert.Same(high, Take());
        Assert.Same(middle, Take());
        Assert.Same(low, Take());
    }

    [Fact]
    public void First_SteadyHigherPriority_OvertakesABoundedNumberOfTimes()
    {
        var patient = Add(0);
        var overtaken = 0;
        for (Add(1); Take() != patient; Add(1))
        {
            overtaken++;
        }

        Assert.Equal(EngineRequest.PriorityLead - 1, overtaken);
    }

    [Fact]
    public void TryTake_ReaderGoneSinceItWasFirst_IsFalse()
    {
        var gone = Add(0);
        Assert.Same(gone, _queue.First());
        _queue.Abandon(gone);
        Assert.False(_queue.TryTake(gone));
        Assert.Null(_queue.First());
    }

    private Generation Add(int priority)
    {
        var request = new EngineRequest { Prompt = new[] { 1 }, MaxTokens = 1, Priority = priority };
        var generation = new Generation(request, new TokenText(table: null, []), grammar: null, TimeProvider.System);
        _queue.Add(generation);
        return generation;
    }

    private Generation Take()
    {
        var first = _queue.First();
        Assert.NotNull(first);
        Assert.True(_queue.TryTake(first));
        return first;
    }
}
