using Orleans.Conformance.Testing.Messages;
using Orleans.Serialization;

namespace Orleans.Conformance.Tests.Copies;

/// <summary>What a call within one silo copies.</summary>
public sealed class CopyTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private ICopyGrain Grain(long key)
    {
        return silo.Cluster.Silos[0].GrainFactory().GetGrain<ICopyGrain>(key);
    }

    [Fact]
    public async Task Call_MutableArgument_IsCopiedAtTheCall()
    {
        var parcel = new Parcel { Content = [1] };
        var grain = Grain(1);

        var call = grain.Keep(parcel);
        parcel.Content.Add(2);
        await call;

        Assert.Equal(1, await grain.KeptCount());
    }

    [Fact]
    public async Task Call_MutableResult_IsACopy()
    {
        var grain = Grain(2);

        (await grain.Kept()).Content.Add(1);

        Assert.Equal(0, await grain.KeptCount());
        Assert.NotSame(await grain.Kept(), await grain.Kept());
    }

    [Fact]
    public async Task Call_TypeMarkedImmutable_IsPassedAsItIs()
    {
        var letter = new Letter([]);
        var grain = Grain(3);

        await grain.KeepLetter(letter);

        Assert.Same(letter, await grain.KeptLetter());
    }

    [Fact]
    public async Task Call_ParameterMarkedImmutable_IsPassedAsItIs()
    {
        var parcel = new Parcel();
        var grain = Grain(7);

        await grain.KeepPromised(parcel);
        parcel.Content.Add(1);

        Assert.Equal(1, await grain.KeptCount());
    }

    [Fact]
    public async Task Stream_MutableArgumentAndItems_AreCopied()
    {
        var parcel = new Parcel();
        var counts = new List<int>();
        await foreach (var item in Grain(4).Stream(parcel))
        {
            counts.Add(item.Content.Count);
            item.Content.Add(0);
        }

        Assert.Equal([0, 1], counts);
        Assert.Empty(parcel.Content);
    }

    [Fact]
    public async Task Call_ArgumentWithoutCodec_FailsTheCallAtOnce()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(
            () => Grain(5).EchoAny(new Stray("lost")).Within("the refused call"));
    }

    [Fact]
    public async Task Call_ResultWithoutCodec_FailsTheCallAtOnce()
    {
        var call = Grain(6).GiveStray();

        await Assert.ThrowsAsync<CodecNotFoundException>(() => call.Within("the failed answer"));
    }
}
