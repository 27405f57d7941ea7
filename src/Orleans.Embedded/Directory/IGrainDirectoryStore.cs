using Orleans.Runtime;

namespace Orleans.Embedded.Directory;

/// <summary>
/// The cluster's record of where each grain is active: one row per grain, which names silo, generation and activation.
/// </summary>
internal interface IGrainDirectoryStore
{
    ValueTask<GrainAddress?> LookupAsync(GrainId grainId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a row unless the grain has one, and returns the row that the grain has then. A row equal to
    /// <paramref name="previous"/> is replaced. An activation whose row is added, or is there already, gets a token.
    /// </summary>
    ValueTask<GrainRegistration> RegisterAsync(
        GrainAddress address, GrainAddress? previous, CancellationToken cancellationToken);

    /// <summary>Removes the grain's row if it still names this activation.</summary>
    ValueTask UnregisterAsync(GrainAddress address, CancellationToken cancellationToken);
}
