using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Conformance.Testing.Grains;

public interface IPocoGrain : IGrainWithStringKey
{
    Task<string> Describe();

    Task End();
}

/// <summary>A grain without the usual base class, which also takes services.</summary>
[GrainType("plain-object")]
public sealed class PocoGrain(IGrainContext context, TimeProvider clock, IGrainFactory grains)
    : IGrainBase, IPocoGrain, IDisposable
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken token)
    {
        Signals.Set($"{context.GrainId} activated");
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Signals.Set($"{context.GrainId} disposed");
    }

    public Task<string> Describe()
    {
        Assert.NotNull(clock);
        Assert.NotNull(grains);
        Assert.NotNull(context.ActivationServices.GetRequiredService<ILocalSiloDetails>());
        return Task.FromResult(context.GrainId.ToString());
    }

    public Task End()
    {
        this.DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
