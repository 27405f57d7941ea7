using System.Net;
using Orleans.Embedded.Directory;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>What every grain directory store must do.</summary>
public abstract class GrainDirectoryContract
{
    private static readonly GrainId Grain = GrainId.Create("test", "directory");

    private protected abstract IGrainDirectoryStore Store { get; }

    [Fact]
    public async Task Lookup_NoRow_GivesNull()
    {
        Assert.Null(await Store.LookupAsync(Grain, default));
    }

    [Fact]
    public async Task Register_NoRow_AddsIt()
    {
        var address = Address(1);

        Assert.True(address.Matches((await Store.RegisterAsync(address, null, default)).Holder));
        Assert.True(address.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_AnotherRowIsThere_GivesThatOneAndKeepsIt()
    {
        var first = (await Store.RegisterAsync(Address(1), null, default)).Holder;

        var surviving = await Store.RegisterAsync(Address(2), null, default);

        Assert.True(first.Matches(surviving.Holder));
        Assert.Equal(0, surviving.FencingToken);
        Assert.True(first.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_OverTheNamedRow_ReplacesIt()
    {
        var first = (await Store.RegisterAsync(Address(1), null, default)).Holder;
        var second = Address(2);

        Assert.True(second.Matches((await Store.RegisterAsync(second, first, default)).Holder));
        Assert.True(second.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_OverARowThatIsNoLongerThere_KeepsTheOtherRow()
    {
        var gone = Address(1);
        var current = (await Store.RegisterAsync(Address(2), null, default)).Holder;

        Assert.True(current.Matches((await Store.RegisterAsync(Address(3), gone, default)).Holder));
    }

    [Fact]
    public async Task Unregister_OtherActivation_KeepsTheRow()
    {
        var first = (await Store.RegisterAsync(Address(1), null, default)).Holder;

        await Store.UnregisterAsync(Address(1), default);

        Assert.True(first.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Unregister_SameActivation_RemovesTheRow()
    {
        var first = (await Store.RegisterAsync(Address(1), null, default)).Holder;

        await Store.UnregisterAsync(first, default);

        Assert.Null(await Store.LookupAsync(Grain, default));
    }

    [Fact]
    public async Task Register_ManyAtOnce_OneSurvivesForAll()
    {
        var registered = await Task.WhenAll(Enumerable.Range(1, 32).Select(
            port => Task.Run(async () => await Store.RegisterAsync(Address(port), null, default))));

        Assert.Single(registered, static made => made.FencingToken > 0);
        Assert.Single(registered.Select(static made => made.Holder.ActivationId).Distinct());
    }

    [Fact]
    public async Task Register_AgainAndAgain_TokensOnlyGrow()
    {
        var last = 0L;
        for (var i = 1; i <= 10; i++)
        {
            var address = Address(i);
            var first = await Store.RegisterAsync(address, null, default);
            var again = await Store.RegisterAsync(address, null, default);
            Assert.True(first.FencingToken > last && again.FencingToken > first.FencingToken);
            last = again.FencingToken;
            await Store.UnregisterAsync(address, default);
        }
    }

    [Fact]
    public async Task Register_ManyGrainsAtOnce_EachIsFound()
    {
        GrainAddress[] addresses = [.. Enumerable.Range(0, 1200).Select(i => AddressOf(GrainId.Create("test", $"{i}"), 1))];
        var made = await Task.WhenAll(addresses.Select(async address => await Store.RegisterAsync(address, null, default)));

        Assert.Equal(addresses, made.Select(static one => one.Holder));
        var found = await Task.WhenAll(addresses.Select(async address => await Store.LookupAsync(address.GrainId, default)));
        Assert.All(addresses.Zip(found), static pair => Assert.True(pair.First.Matches(pair.Second)));
    }

    private static GrainAddress Address(int port)
    {
        return AddressOf(Grain, port);
    }

    private static GrainAddress AddressOf(GrainId grain, int port)
    {
        return new GrainAddress
        {
            GrainId = grain,
            ActivationId = ActivationId.NewId(),
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
        };
    }
}
