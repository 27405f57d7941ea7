using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Embedded.Tests.State;

public sealed class NamedStoreTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Write_NamedMemoryStore_LeavesOtherStoresAlone()
    {
        var grain = silo.Client.GetGrain<INamedStoreGrain>("apart");
        await grain.Set(9);

        var record = new GrainState<Ledger>();
        await silo.Cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default")
            .ReadStateAsync("state", grain.GetGrainId(), record);

        Assert.False(record.RecordExists);
    }
}
