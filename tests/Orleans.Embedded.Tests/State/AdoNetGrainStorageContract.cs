using Orleans.Configuration;
using Orleans.Embedded.AdoNet;

namespace Orleans.Embedded.Tests.State;

/// <summary>What every grain storage in a database must do beyond what any must.</summary>
public abstract class AdoNetGrainStorageContract : GrainStorageContract, IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("test", "database");
    private readonly string _service = Guid.NewGuid().ToString("N");
    private readonly List<AdoNetGrainStorage> _storages = [];

    protected override IGrainStorage Storage => _storages[0];

    private protected StateDatabase Database { get; private set; } = null!;

    protected abstract AdoNetGrainStorageOptions Options { get; }

    public async Task InitializeAsync()
    {
        Database = StateDatabase.Open("test", Options);
        await Database.CreateSchemaAsync(CancellationToken.None).Within("the table");
        _storages.Add(new AdoNetGrainStorage(Database, _service, Options.InitStage));
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
        var others = Enumerable.Range(0, 4).Select(_ => StateDatabase.Open("test", Options)).ToList();

        await Task.WhenAll(others.Select(static other => other.CreateSchemaAsync(CancellationToken.None)))
            .Within("the table, several times");

        Assert.Equal(record.ETag, (await ReadAsync(Storage)).ETag);
        others.ForEach(other => _storages.Add(new AdoNetGrainStorage(other, _service, Options.InitStage)));
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
    public async Task Schema_OfTheTable_IsThePinnedOne()
    {
        var name = Options.Invariant == "Npgsql" ? "postgresql" : "sqlite";
        var pinned = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "State", $"grain-state.{name}.txt"));

        Assert.Equal(pinned, await Database.RunAsync(async connection =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = SchemaQuery;
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(0));
            }

            return lines;
        }));
    }

    /// <summary>A query for the table's columns and keys, a line each.</summary>
    protected abstract string SchemaQuery { get; }

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

    private AdoNetGrainStorage Another(string service)
    {
        var storage = new AdoNetGrainStorage(StateDatabase.Open("test", Options), service, Options.InitStage);
        _storages.Add(storage);
        return storage;
    }
}
