using Orleans.Conformance.Testing.Messages;

namespace Orleans.Conformance.Testing.Grains;

[GenerateSerializer, Alias("test.parcel")]
public sealed class Parcel
{
    [Id(0)]
    public List<int> Content { get; set; } = [];
}

[GenerateSerializer, Immutable, Alias("test.letter")]
public sealed record Letter([property: Id(0)] List<int> Content);

/// <summary>Shows which arguments and results are copies, and what crosses between silos.</summary>
[Alias("test.copy-grain")]
public interface ICopyGrain : IGrainWithIntegerKey
{
    Task<string> Silo();

    Task Keep(Parcel parcel);

    Task KeepPromised([Immutable] Parcel parcel);

    Task KeepLetter(Letter letter);

    Task<int> KeptCount();

    Task<Parcel> Kept();

    [return: Immutable]
    Task<Parcel> KeptPromised();

    Task<Letter> KeptLetter();

    Task<object> EchoAny(object value);

    Task<Animal> EchoAnimal(Animal animal);

    Task<object> GiveStray();

    IAsyncEnumerable<Parcel> Stream(Parcel parcel);

    Task<IProbeGrain> Forward(IProbeGrain grain, CancellationToken cancellationToken);

    Task Fail(string kind);

    Task<object?> ContextValue(string key);
}

[Orleans.Placement.RandomPlacement]
public class CopyGrain : Grain, ICopyGrain
{
    private Parcel _kept = new();
    private Letter _letter = new([]);

    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }

    public Task Keep(Parcel parcel)
    {
        _kept = parcel;
        return Task.CompletedTask;
    }

    public Task KeepPromised(Parcel parcel)
    {
        return Keep(parcel);
    }

    public Task KeepLetter(Letter letter)
    {
        _letter = letter;
        return Task.CompletedTask;
    }

    public Task<int> KeptCount()
    {
        return Task.FromResult(_kept.Content.Count);
    }

    public Task<Parcel> Kept()
    {
        return Task.FromResult(_kept);
    }

    public Task<Parcel> KeptPromised()
    {
        return Task.FromResult(_kept);
    }

    public Task<Letter> KeptLetter()
    {
        return Task.FromResult(_letter);
    }

    public Task<object> EchoAny(object value)
    {
        return Task.FromResult(value);
    }

    public Task<Animal> EchoAnimal(Animal animal)
    {
        return Task.FromResult(animal);
    }

    public Task<object> GiveStray()
    {
        return Task.FromResult<object>(new Stray("lost"));
    }

    public async IAsyncEnumerable<Parcel> Stream(Parcel parcel)
    {
        yield return parcel;
        await Task.Yield();
        parcel.Content.Add(1);
        yield return parcel;
    }

    public Task<IProbeGrain> Forward(IProbeGrain grain, CancellationToken cancellationToken)
    {
        return Task.FromResult(grain);
    }

    public Task Fail(string kind)
    {
        throw kind switch
        {
            "known" => new DetailedException(3, "far"),
            _ => new UnmarkedException("far"),
        };
    }

    public Task<object?> ContextValue(string key)
    {
        return Task.FromResult(RequestContext.Get(key));
    }
}
