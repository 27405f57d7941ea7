using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>Asks the network whether a silo that was not heard of is gone.</summary>
internal interface ISiloProbe
{
    /// <summary>
    /// True only if the host of the endpoint answers that nobody listens there. A process that is stopped or overloaded
    /// still listens; a host that does not answer proves nothing.
    /// </summary>
    Task<bool> IsGoneAsync(SiloAddress silo, CancellationToken cancellationToken);
}
