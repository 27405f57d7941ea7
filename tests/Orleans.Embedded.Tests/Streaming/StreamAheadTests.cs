namespace Orleans.Embedded.Tests.Streaming;

public sealed class StreamAheadTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Consumer_StopsAfterOneItem_TheProducerGoesOnToTheEndOfTheBatch(int batchSize)
    {
        var name = $"ahead {batchSize}";
        var grain = silo.Client.GetGrain<IStreamGrain>(name);
        await using var items = grain.Yielding(10_000, name).WithBatchSize(batchSize).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());

        await ProducedAsync(grain, name, batchSize).Within($"{batchSize} items");

        // Each of these calls is a turn in which the producer could go on.
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(batchSize, await grain.Produced(name));
        }
    }

    private static async Task ProducedAsync(IStreamGrain grain, string name, int count)
    {
        while (await grain.Produced(name) < count)
        {
            await Task.Yield();
        }
    }
}
