using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Conformance.Tests.State;

public sealed class PersistentStateTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private IStateGrain Grain(string key)
    {
        return silo.Client.GetGrain<IStateGrain>(key);
    }

    [Fact]
    public async Task State_NothingStored_IsFreshWithoutEtag()
    {
        var grain = Grain("fresh");

        Assert.Equal(0, await grain.Balance());
        Assert.Null(await grain.Etag());
        Assert.False(await grain.RecordExists());
    }

    [Fact]
    public async Task Write_Twice_ChangesTheEtagAndSurvivesDeactivation()
    {
        var grain = Grain("written");
        await grain.Set(5);
        var first = await grain.Etag();
        await grain.Set(6);
        Assert.NotEqual(first, await grain.Etag());

        await grain.End();

        Assert.Equal(6, await grain.Balance());
        Assert.True(await grain.RecordExists());
    }

    [Fact]
    public async Task State_ChangedWithoutWriting_IsLostWithTheActivation()
    {
        var grain = Grain("unwritten");
        await grain.Set(5);
        await grain.SetWithoutWriting(100);
        await grain.AddLineWithoutWriting("not kept");

        await grain.End();

        Assert.Equal(5, await grain.Balance());
        Assert.Equal(0, await grain.LineCount());
    }

    [Fact]
    public async Task Read_ChangedWithoutWriting_DropsTheChange()
    {
        var grain = Grain("read again");
        await grain.Set(5);
        await grain.SetWithoutWriting(100);

        await grain.Read();

        Assert.Equal(5, await grain.Balance());
    }

    [Fact]
    public async Task Clear_StoredRecord_IsGone()
    {
        var grain = Grain("cleared");
        await grain.Set(5);

        await grain.Clear();

        Assert.Equal(0, await grain.Balance());
        Assert.Null(await grain.Etag());
        Assert.False(await grain.RecordExists());
        await grain.End();
        Assert.False(await grain.RecordExists());
    }

    [Fact]
    public async Task States_TwoStores_AreSeparate()
    {
        var grain = Grain("two stores");
        await grain.Set(1);
        await grain.SetNamed(2);

        await grain.End();

        Assert.Equal(1, await grain.Balance());
        Assert.Equal(2, await grain.NamedBalance());
    }

    [Fact]
    public async Task Write_OlderEtagAndTheConflictEscapes_EndsTheActivationWhichReadsAnew()
    {
        var grain = Grain("conflict");
        await grain.Set(1);
        var before = await grain.ActivationId();
        await OverwriteAsync("conflict", 50);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Set(2));

        Assert.NotEqual(error.CurrentEtag, error.StoredEtag);
        Assert.Equal(50, await grain.Balance());
        Assert.NotEqual(before, await grain.ActivationId());
        await grain.Set(3);
    }

    [Fact]
    public async Task Write_OlderEtagAndTheConflictIsCaught_KeepsTheActivationAndTheFailedValue()
    {
        var grain = Grain("caught");
        await grain.Set(1);
        var before = await grain.ActivationId();
        await OverwriteAsync("caught", 50);

        Assert.True(await grain.SetAndCatchConflict(2));

        Assert.Equal(before, await grain.ActivationId());
        Assert.Equal(2, await grain.Balance());
    }

    [Fact]
    public async Task Write_ConflictEscapesThroughACaller_EndsOnlyTheActivationThatHadIt()
    {
        var caller = Grain("innocent");
        var callerBefore = await caller.ActivationId();
        var target = Grain("guilty");
        await target.Set(1);
        var targetBefore = await target.ActivationId();
        await OverwriteAsync("guilty", 50);

        await Assert.ThrowsAsync<InconsistentStateException>(() => caller.SetThrough("guilty", 2));

        Assert.Equal(callerBefore, await caller.ActivationId());
        Assert.NotEqual(targetBefore, await target.ActivationId());
    }

    [Fact]
    public async Task Activation_StoreNotRegistered_FailsAndNamesTheStore()
    {
        var grain = silo.Client.GetGrain<IUnstoredGrain>("key");

        var error = await Assert.ThrowsAnyAsync<Exception>(grain.Call);

        Assert.Contains(nameof(BadProviderConfigException), error.ToString(), StringComparison.Ordinal);
        Assert.Contains("missing", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Changes a record behind the back of its grain.</summary>
    private async Task OverwriteAsync(string key, int balance)
    {
        var storage = silo.Cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default");
        var record = new GrainState<Ledger>();
        await storage.ReadStateAsync("ledger", Grain(key).GetGrainId(), record);
        record.State!.Balance = balance;
        await storage.WriteStateAsync("ledger", Grain(key).GetGrainId(), record);
    }
}
