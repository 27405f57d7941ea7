using System.Net;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;

namespace Orleans.Embedded.Tests.Clustering;

/// <summary>What every grain directory in a database must do beyond what any must. Silos 1 to 40 have leases.</summary>
public abstract class AdoNetGrainDirectoryContract : GrainDirectoryContract, IAsyncLifetime
{
    private const int Silos = 40;
    private readonly string _cluster = Guid.NewGuid().ToString("N");
    private AdoNetMembershipTable? _table;
    private AdoNetGrainDirectory? _directory;

    private protected override IGrainDirectoryStore Store => _directory!;

    public async Task InitializeAsync()
    {
        _table = new AdoNetMembershipTable(Open(), _cluster);
        _directory = AdoNetGrainDirectory.Create(Open(), _cluster);
        await _table.PrepareAsync(CancellationToken.None).Within("the tables");
        for (var port = 1; port <= Silos; port++)
        {
            var node = new LocalNode("test", _cluster, Silo(port));
            await _table.JoinAsync(node, TimeSpan.FromMinutes(10), CancellationToken.None).Within("the silos");
        }
    }

    public virtual Task DisposeAsync()
    {
        _directory!.Dispose();
        _table!.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Silo_DeclaredDead_ItsRowsCountAsAbsent()
    {
        var stale = AddressAt(1);
        var other = AddressAt(2);
        await Store.RegisterAsync(stale, null, default);

        await _table!.LeaveAsync(Silo(1), CancellationToken.None);

        Assert.Null(await Store.LookupAsync(stale.GrainId, default));
        Assert.True(other.Matches((await Store.RegisterAsync(other, null, default)).Holder));
        await Store.UnregisterAsync(stale, default);
        Assert.True(other.Matches(await Store.LookupAsync(other.GrainId, default)));
    }

    [Fact]
    public async Task Purge_DeadSilo_LeavesTheRowsOfTheOthers()
    {
        var (mine, others) = (AddressAt(1, "0"), AddressAt(2));
        await Store.RegisterAsync(others, null, default);
        for (var i = 0; i < 5; i++)
        {
            await Store.RegisterAsync(AddressAt(1, $"{i}"), null, default);
        }

        await _directory!.PurgeAsync(Silo(2), CancellationToken.None);
        Assert.NotNull(await Store.LookupAsync(others.GrainId, default));
        await _table!.LeaveAsync(Silo(1), CancellationToken.None);
        await _directory!.PurgeAsync(Silo(1), CancellationToken.None).Within("the removal");

        Assert.NotNull(await Store.LookupAsync(others.GrainId, default));
        Assert.Null(await Store.LookupAsync(mine.GrainId, default));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData(null)]
    public async Task LookupAndRegister_KeyThatCannotBeStored_FailAndTheOthersGoOn(string? key)
    {
        // Too long for the index, and not to be compressed.
        key ??= string.Concat(Enumerable.Range(0, 300).Select(static _ => Guid.NewGuid().ToString("N")));
        var (bad, good) = (AddressAt(1, key), Enumerable.Range(0, 20).Select(i => AddressAt(1, $"good-{i}")).ToArray());

        // The first goes alone, and the others gather meanwhile.
        var registered = good.Select(address => Store.RegisterAsync(address, null, default).AsTask()).ToList();
        var refused = Store.RegisterAsync(bad, null, default).AsTask();
        await Assert.ThrowsAsync<ArgumentException>(() => refused.Within("the refusal"));
        await Task.WhenAll(registered).Within("the registrations");
        var found = good.Select(address => Store.LookupAsync(address.GrainId, default).AsTask()).ToList();
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.LookupAsync(bad.GrainId, default));

        Assert.All(await Task.WhenAll(found).Within("the look-ups"), Assert.NotNull);
    }

    private protected abstract Database Open();

    private static SiloAddress Silo(int port)
    {
        return SiloAddress.New(IPAddress.Loopback, port, 1);
    }

    private static GrainAddress AddressAt(int port, string grain = "shared")
    {
        return new GrainAddress
        {
            GrainId = GrainId.Create("test", grain),
            ActivationId = ActivationId.NewId(),
            SiloAddress = Silo(port),
        };
    }
}
