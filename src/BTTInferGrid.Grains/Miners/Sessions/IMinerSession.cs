using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Miners.Sessions;

/// <summary>Why this side ends a session.</summary>
internal enum SessionEnd
{
    /// <summary>The same identity has connected again.</summary>
    Replaced,

    /// <summary>The grid does not want the offer, or the operator does not want the miner.</summary>
    NotAdmitted,

    /// <summary>This silo stops; another can have the session at once.</summary>
    Stopping,
}

/// <summary>
/// A miner that this silo reaches: a node at the other end of a link, or an engine in this process. Thread safe.
/// </summary>
internal interface IMinerSession
{
    /// <summary>Id of the miner, proved.</summary>
    string MinerId { get; }

    /// <summary>What the miner offers; null until its grain has accepted an offer.</summary>
    MinerOffer? Offer { get; }

    /// <summary>What the miner reported last.</summary>
    MinerStatus Status { get; }

    /// <summary>Jobs that the miner has from this session.</summary>
    int Jobs { get; }

    /// <summary>Runs one generation; see <see cref="IMinerGrain.Generate"/>.</summary>
    IAsyncEnumerable<JobEvent> Generate(GenerateRequest request, CancellationToken cancellationToken);

    /// <summary>Turns texts into vectors; see <see cref="IMinerGrain.Embed"/>.</summary>
    Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken);

    /// <summary>Ends the session. Only the first call has an effect.</summary>
    /// <param name="end">Why.</param>
    /// <param name="reason">The same for the miner's owner.</param>
    void Close(SessionEnd end, string reason);
}
