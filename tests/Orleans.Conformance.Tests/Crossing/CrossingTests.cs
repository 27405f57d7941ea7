using Orleans.Conformance.Testing.Messages;
using Orleans.Serialization;

namespace Orleans.Conformance.Tests.Crossing;

/// <summary>What crosses from one silo to another, as bytes. The client is a node of its own.</summary>
public sealed class CrossingTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private ICopyGrain Grain(long key)
    {
        return silo.Client.GetGrain<ICopyGrain>(key);
    }

    [Fact]
    public async Task Call_Values_ArriveAsCopies()
    {
        var letter = new Letter([1]);
        var grain = Grain(1);

        await grain.KeepLetter(letter);
        var read = await grain.KeptLetter();

        Assert.NotSame(letter, read);
        Assert.Equal(letter.Content, read.Content);
        Assert.Equal("Rex", (await grain.EchoAnimal(new Puppy("Rex", 1, []))).Name);
        Assert.Equal(5L, await grain.EchoAny(5L));
        Assert.Null(await grain.EchoAny(null!));
    }

    [Fact]
    public async Task Call_Reference_IsBoundToTheReadersSilo()
    {
        var probe = silo.Client.GetGrain<IProbeGrain>("crossed");
        using var source = new CancellationTokenSource();

        var read = await Grain(2).Forward(probe, source.Token);

        Assert.Equal(probe, read);
        Assert.Equal("crossed", await read.Key());
    }

    [Fact]
    public async Task Call_ExceptionOfTheManifest_KeepsTypeMembersAndStack()
    {
        var error = await Assert.ThrowsAsync<DetailedException>(() => Grain(3).Fail("known"));

        Assert.Equal((3, "far"), (error.Code, error.Detail));
        Assert.Contains(nameof(CopyGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ExceptionOfAnUnknownType_FailsTheCallAtOnce()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Grain(4).Fail("unknown").Within("the failed call"));

        Assert.IsNotType<TimeoutException>(error);
    }

    [Fact]
    public async Task Call_ResultThatCannotBeWritten_FailsTheCallAtOnce()
    {
        var call = Grain(5).GiveStray();

        var error = await Assert.ThrowsAnyAsync<SerializerException>(() => call.Within("the failed answer"));

        Assert.Contains(nameof(Stray), error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Grain(5).KeptCount());
    }

    [Fact]
    public async Task Call_ArgumentThatCannotBeWritten_FailsTheCallAtOnce()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(
            () => Grain(6).EchoAnimal(new Stray("lost")).Within("the refused call"));
    }

    [Fact]
    public async Task Stream_Items_Cross()
    {
        var counts = new List<int>();
        await foreach (var item in Grain(7).Stream(new Parcel { Content = [9] }).WithBatchSize(1))
        {
            counts.Add(item.Content.Count);
        }

        Assert.Equal([1, 2], counts);
    }

    [Fact]
    public async Task RequestContext_Values_Cross()
    {
        RequestContext.Set("crossing", 7);
        try
        {
            Assert.Equal(7, await Grain(8).ContextValue("crossing"));
        }
        finally
        {
            RequestContext.Clear();
        }
    }
}
