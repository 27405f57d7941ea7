using Orleans.Embedded.Activations;
using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The usual base class of grains. An instance belongs to one activation, and its code runs in that activation's turns,
/// one at a time.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Binds the grain to the activation that is creating it.</summary>
    protected Grain()
    {
        // Null when a unit test constructs the class directly; every member that needs the runtime then says so.
        GrainContext = ActivationContext.Current!;
    }

    /// <summary>The activation this grain instance belongs to.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>A reference to this grain, to be handed to others.</summary>
    public GrainReference GrainReference => Context.GrainReference;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => ((Activation)Context).Host.GrainFactory;

    /// <summary>The services of the silo; scoped ones live as long as the activation.</summary>
    protected internal IServiceProvider ServiceProvider => Context.ActivationServices;

    /// <summary>The grain id as text.</summary>
    public string IdentityString => Context.GrainId.ToString();

    /// <summary>The address of the silo this activation runs in.</summary>
    public string RuntimeIdentity => Context.Address.SiloAddress?.ToString() ?? string.Empty;

    private IGrainContext Context => GrainContext ?? throw new InvalidOperationException(
        $"{GetType().Name} was constructed outside of a silo and has no runtime. Reach it through IGrainFactory.");

    /// <inheritdoc cref="IGrainBase.OnActivateAsync" />
    /// <param name="cancellationToken">Cancelled when the silo stops.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync" />
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when the time allowed for deactivation is over.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }

    /// <summary>
    /// Ends this activation once the requests that run now have finished. Requests still queued, and later ones, go to
    /// a new activation.
    /// </summary>
    protected void DeactivateOnIdle()
    {
        GrainBaseExtensions.DeactivateOnIdle(this);
    }

    /// <summary>
    /// Keeps this activation from being collected as idle for a time from now on, whether or not it is used.
    /// </summary>
    /// <param name="timeSpan">
    /// The time; zero or less takes an earlier wish back, <see cref="Timeout.InfiniteTimeSpan"/> and
    /// <see cref="TimeSpan.MaxValue"/> have no end.
    /// </param>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        ((Activation)Context).Keep(timeSpan);
    }
}
