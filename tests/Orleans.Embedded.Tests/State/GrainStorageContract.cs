namespace Orleans.Embedded.Tests.State;

/// <summary>What every grain storage must do.</summary>
public abstract class GrainStorageContract
{
    private static readonly GrainId Grain = GrainId.Create("test", "storage");

    protected abstract IGrainStorage Storage { get; }

    [Fact]
    public async Task Read_Absent_GivesFreshStateWithoutEtag()
    {
        var record = await ReadAsync();

        Assert.NotNull(record.State);
        Assert.Null(record.ETag);
        Assert.False(record.RecordExists);
    }

    [Fact]
    public async Task Write_Absent_StoresAndSetsEtag()
    {
        var record = await WriteAsync(7);

        Assert.NotNull(record.ETag);
        Assert.True(record.RecordExists);
        var read = await ReadAsync();
        Assert.Equal(7, read.State!.Balance);
        Assert.Equal(record.ETag, read.ETag);
        Assert.True(read.RecordExists);
    }

    [Fact]
    public async Task Write_FirstWriteOverAnExistingRecord_ConflictsAndStoresNothing()
    {
        await WriteAsync(7);

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(8));

        Assert.Equal(7, (await ReadAsync()).State!.Balance);
    }

    [Fact]
    public async Task Write_StaleEtag_ConflictsAndStoresNothing()
    {
        var record = await WriteAsync(7);
        var stale = new GrainState<Ledger>(new Ledger { Balance = 9 }, record.ETag);
        await Storage.WriteStateAsync("state", Grain, record);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("state", Grain, stale));

        Assert.Equal(stale.ETag, error.CurrentEtag);
        Assert.Equal(7, (await ReadAsync()).State!.Balance);
    }

    [Fact]
    public async Task Clear_StaleEtag_ConflictsAndKeepsTheRecord()
    {
        var record = await WriteAsync(7);
        var stale = new GrainState<Ledger>(new Ledger(), record.ETag);
        await Storage.WriteStateAsync("state", Grain, record);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("state", Grain, stale));

        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task Clear_Stored_RemovesAndGivesFreshState()
    {
        var record = await WriteAsync(7);

        await Storage.ClearStateAsync("state", Grain, record);

        Assert.Equal(0, record.State!.Balance);
        Assert.False(record.RecordExists);
        Assert.False((await ReadAsync()).RecordExists);
        await Storage.WriteStateAsync("state", Grain, record);
        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task Write_OtherNameOrGrain_IsAnotherRecord()
    {
        await WriteAsync(7);

        var otherName = new GrainState<Ledger>();
        await Storage.ReadStateAsync("other", Grain, otherName);
        var otherGrain = new GrainState<Ledger>();
        await Storage.ReadStateAsync("state", GrainId.Create("test", "other"), otherGrain);

        Assert.False(otherName.RecordExists);
        Assert.False(otherGrain.RecordExists);
    }

    private async Task<GrainState<Ledger>> ReadAsync()
    {
        var record = new GrainState<Ledger>();
        await Storage.ReadStateAsync("state", Grain, record);
        return record;
    }

    private async Task<GrainState<Ledger>> WriteAsync(int balance)
    {
        var record = new GrainState<Ledger>(new Ledger { Balance = balance });
        await Storage.WriteStateAsync("state", Grain, record);
        return record;
    }
}
