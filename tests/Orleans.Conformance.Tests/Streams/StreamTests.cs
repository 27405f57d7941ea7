namespace Orleans.Conformance.Tests.Streams;

public abstract class StreamTests(IGrainFactory grains, string name)
{
    private IStreamGrain Grain(string key)
    {
        return grains.GetGrain<IStreamGrain>($"{name} {key}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1_234)]
    public async Task Enumerate_ProducerNeverWaits_GivesAllItemsInOrder(int count)
    {
        var items = await ToListAsync(Grain("all").Range(count, $"{name} all {count}"));

        Assert.Equal(Enumerable.Range(0, count), items);
        await Signals.Await($"{name} all {count} finally");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Enumerate_ProducerYieldsAtEachItem_GivesAllItemsInOrder(int batchSize)
    {
        var items = await ToListAsync(Grain("yield").Yielding(1_234, $"{name} yield").WithBatchSize(batchSize));

        Assert.Equal(Enumerable.Range(0, 1_234), items);
    }

    [Fact]
    public async Task Enumerate_ProducerWaitsForEachItem_EachCrossesAtOnce()
    {
        var signal = $"{name} at once";
        await using var items = Grain("at once").OnSignal(3, signal).GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            var move = items.MoveNextAsync().AsTask();
            Signals.Set($"{signal} {i}");

            Assert.True(await move.Within($"item {i}"));
            Assert.Equal(i, items.Current);
        }

        Assert.False(await items.MoveNextAsync());
        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Enumerate_BeforeTheFirstMove_NothingRuns()
    {
        var grain = Grain("lazy");
        var items = grain.OnSignal(1, $"{name} lazy").GetAsyncEnumerator();
        await grain.Plain();

        Assert.False(Signals.IsSet($"{name} lazy started"));
        await items.DisposeAsync();
        Assert.False(Signals.IsSet($"{name} lazy started"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(7)]
    public async Task Enumerate_ConsumerStops_ProducerIsAtMostOneBatchAhead(int batchSize)
    {
        var signal = $"{name} ahead {batchSize}";
        var grain = Grain(signal);
        await using var items = grain.Range(10_000, signal).WithBatchSize(batchSize).GetAsyncEnumerator();
        for (var i = 0; i <= 2 * batchSize; i++)
        {
            Assert.True(await items.MoveNextAsync());
        }

        Assert.Equal(3 * batchSize, await grain.Produced(signal));
    }

    [Fact]
    public async Task Break_ProducerNeverWaits_RunsFinally()
    {
        var signal = $"{name} break";
        await foreach (var item in Grain("break").Range(10_000, signal))
        {
            if (item == 150)
            {
                break;
            }
        }

        Assert.True(Signals.IsSet($"{signal} finally"));
    }

    [Fact]
    public async Task Break_ProducerWaits_CancelsItAndRunsFinallyInItsTurn()
    {
        var signal = $"{name} break waiting";
        Signals.Set($"{signal} 0");
        await foreach (var item in Grain("break waiting").OnSignal(2, signal))
        {
            Assert.Equal(0, item);
            break;
        }

        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Cancel_TokenOfTheEnumeration_FreesConsumerAndRunsFinally()
    {
        var signal = $"{name} with cancellation";
        using var source = new CancellationTokenSource();
        await using var items = Grain("cancel").OnSignal(1, signal).GetAsyncEnumerator(source.Token);
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await($"{signal} started");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move.Within("the cancelled move"));
        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Cancel_TokenAmongTheArguments_FreesConsumerAndRunsFinally()
    {
        var signal = $"{name} argument";
        using var source = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var stream = Grain("cancel argument").OnSignal(1, signal, source.Token);
        await using var items = stream.GetAsyncEnumerator(other.Token);
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await($"{signal} started");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move.Within("the cancelled move"));
        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Cancel_WhileTheConsumerIsBusy_TheNextMoveThrowsAndFinallyRuns()
    {
        var signal = $"{name} busy consumer";
        using var source = new CancellationTokenSource();
        Signals.Set($"{signal} 0");
        await using (var items = Grain("busy consumer").OnSignal(2, signal).GetAsyncEnumerator(source.Token))
        {
            Assert.True(await items.MoveNextAsync());

            await source.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items.MoveNextAsync().AsTask());
        }

        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Dispose_TokenIsCancelledAndItsCallbackDidNotRunYet_StopsTheProducer()
    {
        var signal = $"{name} disposed while cancelled";
        using var source = new CancellationTokenSource();
        Signals.Set($"{signal} 0");
        var items = Grain("disposed while cancelled").OnSignal(2, signal).GetAsyncEnumerator(source.Token);
        Assert.True(await items.MoveNextAsync());
        var disposed = Task.CompletedTask;

        // What registered last is called first, so the enumerator is disposed of before it learns of the cancellation.
        await using var earlier = source.Token.Register(() => disposed = items.DisposeAsync().AsTask());
        await source.CancelAsync();

        await disposed.Within("the end of the enumerator");
        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstMove_NothingRuns()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await using var items = Grain("cancelled").OnSignal(1, $"{name} cancelled").GetAsyncEnumerator(source.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items.MoveNextAsync().AsTask());

        Assert.False(Signals.IsSet($"{name} cancelled started"));
    }

    [Fact]
    public async Task Throw_AfterItems_ConsumerGetsTheItemsAndTheSameType()
    {
        var received = new List<int>();

        var error = await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            await foreach (var item in Grain("throw").ThrowAfter(3))
            {
                received.Add(item);
            }
        });

        Assert.Equal([0, 1, 2], received);
        Assert.Equal("No more.", error.Message);
    }

    [Fact]
    public async Task Throw_ByTheMethodItself_ConsumerGetsTheSameType()
    {
        var items = Grain("throw at once").ThrowAtOnce();

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => ToListAsync(items));

        Assert.Equal("Not even one.", error.Message);
    }

    [Fact]
    public async Task OpenStream_OtherRequests_Run()
    {
        var signal = $"{name} beside";
        var grain = Grain("beside");
        await using var items = grain.OnSignal(1, signal).GetAsyncEnumerator();
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await($"{signal} started");

        await grain.Plain().Within("a request beside an open enumeration");

        Signals.Set($"{signal} 0");
        Assert.True(await move);
    }

    [Fact]
    public async Task Deactivation_ConsumerWaits_EndsTheEnumerationAndRunsFinally()
    {
        var signal = $"{name} deactivated";
        var grain = Grain("deactivated");
        await using var items = grain.OnSignal(1, signal).GetAsyncEnumerator();
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await($"{signal} started");

        await grain.End();

        await Assert.ThrowsAsync<EnumerationAbortedException>(() => move.Within("the move of an ended grain"));
        await Signals.Await($"{signal} finally");
    }

    [Fact]
    public async Task Deactivation_BetweenMoves_TheNextMoveIsAborted()
    {
        var signal = $"{name} between";
        var grain = Grain("between");
        Signals.Set($"{signal} 0");
        await using var items = grain.OnSignal(2, signal).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());

        await grain.End();
        await Signals.Await($"{signal} finally");

        await Assert.ThrowsAsync<EnumerationAbortedException>(() => items.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Enumerate_TwiceFromOneSequence_AreTwoCalls()
    {
        var sequence = Grain("twice").Range(5, $"{name} twice");

        Assert.Equal(5, (await ToListAsync(sequence)).Count);
        Assert.Equal(5, (await ToListAsync(sequence)).Count);
    }

    private static async Task<List<int>> ToListAsync(IAsyncEnumerable<int> items)
    {
        var list = new List<int>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}

public sealed class RemoteStreamTests(SingleSilo silo) : StreamTests(silo.Client, "remote"), IClassFixture<SingleSilo>;

public sealed class LocalStreamTests(SingleSilo silo)
    : StreamTests(silo.Cluster.Silos[0].GrainFactory(), "local"), IClassFixture<SingleSilo>;
