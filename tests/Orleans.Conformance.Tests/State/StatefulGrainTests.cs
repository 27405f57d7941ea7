using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Conformance.Tests.State;

/// <summary>Grains that have their record from their base class.</summary>
public sealed class StatefulGrainTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task State_NothingStored_IsFresh()
    {
        Assert.Equal(0, await silo.Client.GetGrain<IDefaultStoreGrain>("fresh").BalanceAtActivation());
    }

    [Fact]
    public async Task Write_ThenDeactivate_IsReadBeforeTheNextActivationBegins()
    {
        var grain = silo.Client.GetGrain<IDefaultStoreGrain>("written");
        await grain.Set(5);

        await grain.End();

        Assert.Equal(5, await grain.BalanceAtActivation());
    }

    [Fact]
    public async Task Write_AnotherObject_IsWhatIsStored()
    {
        var grain = silo.Client.GetGrain<IDefaultStoreGrain>("replaced");
        await grain.Replace(new Ledger { Balance = 7 });

        await grain.End();

        Assert.Equal(7, await grain.Balance());
    }

    [Fact]
    public async Task Read_ChangedWithoutWriting_DropsTheChange()
    {
        var grain = silo.Client.GetGrain<IDefaultStoreGrain>("read again");
        await grain.Set(5);
        await grain.SetWithoutWriting(100);

        await grain.Read();

        Assert.Equal(5, await grain.Balance());
    }

    [Fact]
    public async Task Clear_StoredRecord_IsGone()
    {
        var grain = silo.Client.GetGrain<IDefaultStoreGrain>("cleared");
        await grain.Set(5);

        await grain.Clear();

        Assert.Equal(0, await grain.Balance());
        await grain.End();
        Assert.Equal(0, await grain.BalanceAtActivation());
    }

    [Fact]
    public async Task Write_NamedStore_IsTheRecordStateThere()
    {
        var grain = silo.Client.GetGrain<INamedStoreGrain>("named");
        await grain.Set(9);

        Assert.Equal(9, (await RecordAsync("named", grain)).State!.Balance);
    }

    [Fact]
    public async Task Write_OlderEtagAndTheConflictEscapes_EndsTheActivationWhichReadsAnew()
    {
        var grain = silo.Client.GetGrain<IDefaultStoreGrain>("conflict");
        await grain.Set(1);
        var before = await grain.ActivationId();
        var record = await RecordAsync("Default", grain);
        record.State!.Balance = 50;
        await Store("Default").WriteStateAsync("state", grain.GetGrainId(), record);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Set(2));

        Assert.Equal(50, await grain.Balance());
        Assert.NotEqual(before, await grain.ActivationId());
    }

    [Fact]
    public async Task Activation_StoreNotRegistered_FailsAndNamesTheStore()
    {
        var grain = silo.Client.GetGrain<IMissingStoreGrain>("key");

        var error = await Assert.ThrowsAsync<BadProviderConfigException>(grain.Balance);

        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
    }

    private async Task<GrainState<Ledger>> RecordAsync(string store, IStatefulGrain grain)
    {
        var record = new GrainState<Ledger>();
        await Store(store).ReadStateAsync("state", grain.GetGrainId(), record);
        return record;
    }

    private IGrainStorage Store(string name)
    {
        return silo.Cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>(name);
    }
}
