namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the grain sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The id of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object, or null before it is constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>Tells this activation from earlier and later ones of the same grain.</summary>
    ActivationId ActivationId { get; }

    /// <summary>Where this activation is.</summary>
    GrainAddress Address { get; }

    /// <summary>The services of the silo; scoped ones live as long as the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once the requests that run now have finished. Returns at once.</summary>
    /// <param name="deactivationReason">The reason, handed to the grain.</param>
    /// <param name="cancellationToken">Cancels the wait of the grain's own deactivation code.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
