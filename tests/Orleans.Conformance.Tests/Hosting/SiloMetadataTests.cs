using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Conformance.Tests.Hosting;

public sealed class SiloMetadataTests
{
    [Fact]
    public async Task Metadata_OfEachSilo_IsSeenByAll()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Orleans:Metadata:zone", "a"), new("Orleans:Metadata:rack", "7")])
            .Build();
        await using var cluster = await Clusters.StartAsync(2, silo => silo
            .UseSiloMetadata(configuration)
            .UseSiloMetadata(new Dictionary<string, string> { ["rack"] = "8" }));

        foreach (var viewer in cluster.Silos)
        {
            var cache = viewer.ServiceProvider.GetRequiredService<ISiloMetadataCache>();
            foreach (var silo in cluster.Silos)
            {
                var metadata = cache.GetSiloMetadata(silo.SiloAddress).Metadata;

                Assert.Equal(2, metadata.Count);
                Assert.Equal("a", metadata["zone"]);
                Assert.Equal("8", metadata["rack"]);
            }
        }
    }
}
