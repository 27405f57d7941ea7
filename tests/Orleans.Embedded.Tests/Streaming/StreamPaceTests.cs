namespace Orleans.Embedded.Tests.Streaming;

public sealed class StreamPaceTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    /// <summary>Producers and consumers of changing paces, many on the same grains: nothing is lost, twice or out of order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Enumerate_ManyAtOnceAtChangingPaces_EachGetsAllItemsInOrder(int seed)
    {
        var consumers = Enumerable.Range(0, 48).Select(number => Task.Run(() => ConsumeAsync((seed * 1000) + number)));

        await Task.WhenAll(consumers).Within("the last item of each consumer");
    }

    private async Task ConsumeAsync(int seed)
    {
        var random = new Random(seed);
        var count = random.Next(1, 600);
        var items = silos.Client.GetGrain<IUnevenGrain>(seed % 6).Count(count, seed).WithBatchSize(random.Next(1, 120));
        var next = 0;
        await foreach (var item in items)
        {
            Assert.Equal(next++, item);
            if (random.Next(8) == 0)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(count, next);
    }
}
