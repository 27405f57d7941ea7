namespace Orleans.Conformance.Testing.Grains;

public interface IGuidGrain : IGrainWithGuidKey
{
    Task<Guid> Key();
}

public class GuidGrain : Grain, IGuidGrain
{
    public Task<Guid> Key()
    {
        return Task.FromResult(this.GetPrimaryKey());
    }
}
