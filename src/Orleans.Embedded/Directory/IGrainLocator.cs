using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Directory;

/// <summary>Finds the silo of the grain that a request is for, and keeps the directory's rows of the grains of this silo.</summary>
internal interface IGrainLocator
{
    /// <exception cref="SiloUnavailableException">No silo can have it.</exception>
    ValueTask<SiloAddress> LocateAsync(Message request);

    /// <summary>The silo that a grain is active on, or null.</summary>
    /// <exception cref="ArgumentException">There is no such grain class.</exception>
    ValueTask<SiloAddress?> FindAsync(GrainId grainId);

    /// <summary>
    /// Whether a request that came from another node was sent here only to be placed, so that it is to be located again.
    /// </summary>
    bool MustPlace(Message request);

    /// <summary>
    /// Registers an activation. Returns which one holds: the given one, or another that was registered first.
    /// </summary>
    ValueTask<GrainRegistration> RegisterAsync(GrainAddress address, CancellationToken cancellationToken);

    ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken);

    /// <summary>Drops a hint that proved wrong.</summary>
    void Forget(GrainId grainId, SiloAddress silo);

    /// <summary>Drops all hints to a silo that died.</summary>
    void ForgetSilo(SiloAddress silo);
}
