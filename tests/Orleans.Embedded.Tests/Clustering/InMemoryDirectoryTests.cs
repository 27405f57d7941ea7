using Orleans.Embedded.Directory;
using Orleans.Embedded.InMemory;

namespace Orleans.Embedded.Tests.Clustering;

public sealed class InMemoryDirectoryTests : GrainDirectoryContract
{
    private protected override IGrainDirectoryStore Store { get; } = new InMemoryDirectory(new InMemoryCluster());
}
