namespace Orleans.Conformance.Testing.Grains;

public interface IHolderGrain : IGrainWithStringKey
{
    Task Keep(IProbeGrain grain);

    Task<string> Echo(string text);

    Task<string> Silo();
}

/// <summary>Keeps a reference that somebody else made.</summary>
public class HolderGrain : Grain, IHolderGrain
{
    private IProbeGrain? _kept;

    public Task Keep(IProbeGrain grain)
    {
        _kept = grain;
        return Task.CompletedTask;
    }

    public Task<string> Echo(string text)
    {
        return _kept!.Echo(text);
    }

    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }
}
