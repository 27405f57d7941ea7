using Orleans.Embedded.State;

namespace Orleans.Embedded.Tests.State;

public sealed class MemoryGrainStorageTests : GrainStorageContract
{
    protected override IGrainStorage Storage { get; } = new MemoryGrainStorage(new MemoryRecords());
}
