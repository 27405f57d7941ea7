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

        Assert.True(address.Matches(await Store.RegisterAsync(address, null, default)));
        Assert.True(address.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_AnotherRowIsThere_GivesThatOneAndKeepsIt()
    {
        var first = await Store.RegisterAsync(Address(1), null, default);

        var surviving = await Store.RegisterAsync(Address(2), null, default);

        Assert.True(first.Matches(surviving));
        Assert.True(first.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_OverTheNamedRow_ReplacesIt()
    {
        var first = await Store.RegisterAsync(Address(1), null, default);
        var second = Address(2);

        Assert.True(second.Matches(await Store.RegisterAsync(second, first, default)));
        Assert.True(second.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Register_OverARowThatIsNoLongerThere_KeepsTheOtherRow()
    {
        var gone = Address(1);
        var current = await Store.RegisterAsync(Address(2), null, default);

        Assert.True(current.Matches(await Store.RegisterAsync(Address(3), gone, default)));
    }

    [Fact]
    public async Task Unregister_OtherActivation_KeepsTheRow()
    {
        var first = await Store.RegisterAsync(Address(1), null, default);

        await Store.UnregisterAsync(Address(1), default);

        Assert.True(first.Matches(await Store.LookupAsync(Grain, default)));
    }

    [Fact]
    public async Task Unregister_SameActivation_RemovesTheRow()
    {
        var first = await Store.RegisterAsync(Address(1), null, default);

        await Store.UnregisterAsync(first, default);

        Assert.Null(await Store.LookupAsync(Grain, default));
    }

    [Fact]
    public async Task Register_ManyAtOnce_OneSurvivesForAll()
    {
        var registered = await Task.WhenAll(Enumerable.Range(1, 32).Select(
            port => Task.Run(async () => await Store.RegisterAsync(Address(port), null, default))));

        Assert.Single(registered.Select(static address => address.ActivationId).Distinct());
    }

    private static GrainAddress Address(int port)
    {
        return new GrainAddress
        {
            GrainId = Grain,
            ActivationId = ActivationId.NewId(),
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
        };
    }
}
