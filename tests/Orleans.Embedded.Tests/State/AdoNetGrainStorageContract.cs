using System.Net;
using Orleans.Configuration;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.State;

/// <summary>What every grain storage in a database must do beyond what any must.</summary>
public abstract class AdoNetGrainStorageContract : GrainStorageContract, IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("test", "database");
    private static readonly LocalNode SomeNode = NewNode();
    private readonly string _service = Guid.NewGuid().ToString("N");
    private readonly List<AdoNetGrainStorage> _storages = [];

    protected override IGrainStorage Storage => _storages[0];

    private protected Database Source { get; private set; } = null!;

    protected abstract AdoNetGrainStorageOptions Options { get; }

    public async Task InitializeAsync()
    {
        Source = Open();
        await Source.CreateSchemaAsync(CancellationToken.None).Within("the table");
        _storages.Add(StorageOf(Source, _service, SomeNode));
    }

    public virtual Task DisposeAsync()
    {
        _storages.ForEach(static storage => storage.Dispose());
        return Task.CompletedTask;
    }

    [Fact]
    public async Task CreateSchema_BySeveralAtOnceAndAgain_KeepsTheRecords()
    {
        var record = await WriteAsync(Storage, 7);
        var others = Enumerable.Range(0, 4).Select(_ => Open()).ToList();

        await Task.WhenAll(others.Select(static other => other.CreateSchemaAsync(CancellationToken.None)))
            .Within("the table, several times");

        Assert.Equal(record.ETag, (await ReadAsync(Storage)).ETag);
        others.ForEach(other => _storages.Add(StorageOf(other, _service, SomeNode)));
    }

    [Fact]
    public async Task Write_ThroughOneConnection_IsReadThroughAnother()
    {
        var record = await WriteAsync(Storage, 7);
        var other = Another(_service);

        var read = await ReadAsync(other);

        Assert.Equal(7, read.State!.Balance);
        Assert.Equal(record.ETag, read.ETag);
        Assert.False((await ReadAsync(Another("another service"))).RecordExists);
    }

    [Fact]
    public async Task Write_FirstBySeveralAtOnce_OneWins()
    {
        var other = Another(_service);

        Assert.Equal(1, await CountSuccesses(i => WriteAsync(i % 2 == 0 ? Storage : other, i)));
    }

    [Fact]
    public async Task Write_OfOneVersionBySeveralAtOnce_OneWins()
    {
        var record = await WriteAsync(Storage, 0);
        var other = Another(_service);

        Assert.Equal(1, await CountSuccesses(i => WriteAsync(i % 2 == 0 ? Storage : other, i, record.ETag)));
    }

    [Fact]
    public async Task Clear_ThenWrite_NoVersionComesTwice()
    {
        var record = await WriteAsync(Storage, 7);
        var first = record.ETag;
        await Storage.ClearStateAsync("state", Grain, record);
        Assert.NotEqual(first, record.ETag);
        await Storage.WriteStateAsync("state", Grain, record);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(Storage, 8, first));

        Assert.Equal(record.ETag, error.StoredEtag);
        Assert.Equal(first, error.CurrentEtag);
    }

    [Fact]
    public async Task Clear_Absent_DoesNothingAndAnUnknownRecordConflicts()
    {
        var absent = new GrainState<Ledger>();
        await Storage.ClearStateAsync("state", Grain, absent);
        Assert.Null(absent.ETag);
        await WriteAsync(Storage, 7);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("state", Grain, absent));
    }

    [Fact]
    public async Task Write_BySiloThatWasDeclaredDead_IsFencedAndStoresNothing()
    {
        var node = NewNode();
        using var table = new AdoNetMembershipTable(Open(), node.ClusterId);
        await table.PrepareAsync(CancellationToken.None);
        await table.JoinAsync(node, TimeSpan.FromMinutes(1), CancellationToken.None);
        var storage = StorageOf(Open(), _service, node);
        _storages.Add(storage);
        await storage.InitializeAsync(CancellationToken.None);
        var record = await WriteAsync(storage, 7);
        Assert.False(await table.TryDeclareDeadAsync(node.Address, null, CancellationToken.None));
        Assert.True(await table.TryDeclareDeadAsync(node.Address, 0, CancellationToken.None));

        await Assert.ThrowsAsync<SiloFencedException>(() => WriteAsync(storage, 8, record.ETag));
        await Assert.ThrowsAsync<SiloFencedException>(() => storage.ClearStateAsync("state", Grain, record));

        Assert.Equal(7, (await ReadAsync(Storage)).State!.Balance);
    }

    [Fact]
    public async Task Write_WhileTheSiloRenewsItsLease_NeitherWaitsForTheOther()
    {
        var node = NewNode();
        using var table = new AdoNetMembershipTable(Open(), node.ClusterId);
        await table.PrepareAsync(CancellationToken.None);
        await table.JoinAsync(node, TimeSpan.FromMinutes(1), CancellationToken.None);
        var storage = StorageOf(Open(), _service, node);
        _storages.Add(storage);
        await storage.InitializeAsync(CancellationToken.None);
        var record = await WriteAsync(storage, 0);

        for (var i = 1; i <= 20; i++)
        {
            record.State!.Balance = i;
            var renewal = table.RenewAsync(
                node.Address, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), CancellationToken.None);
            await storage.WriteStateAsync("state", Grain, record).Within("the write");
            Assert.True((await renewal.Within("the renewal")).HasLease);
        }
    }

    private static async Task<int> CountSuccesses(Func<int, Task> write)
    {
        var writes = Enumerable.Range(1, 12).Select(write).ToList();
        await Task.WhenAll(writes.Select(static one => one.ContinueWith(static _ => { }, TaskScheduler.Default)))
            .Within("the end of all writes");
        Assert.All(writes.Where(static one => one.IsFaulted), static one =>
            Assert.IsType<InconsistentStateException>(one.Exception!.InnerException));
        return writes.Count(static one => one.IsCompletedSuccessfully);
    }

    private static async Task<GrainState<Ledger>> ReadAsync(IGrainStorage storage)
    {
        var record = new GrainState<Ledger>();
        await storage.ReadStateAsync("state", Grain, record);
        return record;
    }

    private static async Task<GrainState<Ledger>> WriteAsync(IGrainStorage storage, int balance, string? etag = null)
    {
        var record = new GrainState<Ledger>(new Ledger { Balance = balance }, etag);
        await storage.WriteStateAsync("state", Grain, record);
        return record;
    }

    private static LocalNode NewNode()
    {
        return new LocalNode(
            "test", Guid.NewGuid().ToString("N"), SiloAddress.New(IPAddress.Loopback, 1, SiloAddress.AllocateNewGeneration()));
    }

    private AdoNetGrainStorage StorageOf(Database database, string service, LocalNode node)
    {
        return new AdoNetGrainStorage(database, service, Options.InitStage, node);
    }

    private Database Open()
    {
        return Database.Open("test", Options.Invariant, Options.ConnectionString, DatabaseUse.State);
    }

    private AdoNetGrainStorage Another(string service)
    {
        var storage = StorageOf(Open(), service, SomeNode);
        _storages.Add(storage);
        return storage;
    }
}
