namespace BTTInferGrid.Compute;

/// <summary>What the grid believes of a miner.</summary>
/// <param name="Offer">What it says that it serves.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Since">Since when.</param>
/// <param name="Speed">How fast it is.</param>
/// <param name="Status">What it said last of what it is doing.</param>
/// <param name="Stats">How its jobs went.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-standing")]
public sealed record MinerStanding(
    [property: Id(0)] MinerOffer Offer,
    [property: Id(1)] MinerState State,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] MinerSpeed Speed,
    [property: Id(5)] MinerStatus Status,
    [property: Id(6)] MinerStats Stats);

/// <summary>Where a miner stands with the grid. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.miner-state")]
public enum MinerState
{
    /// <summary>It has connected and said what it serves.</summary>
    Joining = 0,

    /// <summary>It is measured and asked something whose answer is known.</summary>
    Probing = 1,

    /// <summary>It gets jobs.</summary>
    Active = 2,

    /// <summary>It ends the jobs it has and gets no new ones.</summary>
    Draining = 3,

    /// <summary>It is connected and gets no jobs: it failed too often, or the operator said so.</summary>
    Suspended = 4,

    /// <summary>It is not connected.</summary>
    Gone = 5,
}

/// <summary>How fast a miner is, as measured by the grid when it joined and with each job since.</summary>
/// <param name="PrefillTokensPerSecond">Prompt tokens that one request reads in a second; 0 if not measured yet.</param>
/// <param name="DecodeTokensPerSecond">Tokens that one request is given in a second; 0 if not measured yet.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-speed")]
public readonly record struct MinerSpeed(
    [property: Id(0)] double PrefillTokensPerSecond, [property: Id(1)] double DecodeTokensPerSecond);

/// <summary>What a miner is doing now, as it says.</summary>
/// <param name="Running">Requests that it decodes.</param>
/// <param name="Waiting">Requests in its queue.</param>
/// <param name="CacheTokens">Tokens that its KV cache holds.</param>
/// <param name="CacheTokensInUse">Those of them that running requests need.</param>
/// <param name="IsDraining">It takes no new requests, because it is about to stop.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-status")]
public readonly record struct MinerStatus(
    [property: Id(0)] int Running,
    [property: Id(1)] int Waiting,
    [property: Id(2)] int CacheTokens,
    [property: Id(3)] int CacheTokensInUse,
    [property: Id(4)] bool IsDraining);

/// <summary>How a miner's jobs went.</summary>
/// <param name="Completed">Jobs that it brought to their end, or that their reader left.</param>
/// <param name="Failed">Jobs in which it was lost, stalled, failed, broke the protocol, or refused what others served.</param>
/// <param name="FailedInARow">The latest of those with no other outcome since.</param>
/// <param name="OutputTokens">Tokens that it generated.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-stats")]
public readonly record struct MinerStats(
    [property: Id(0)] long Completed,
    [property: Id(1)] long Failed,
    [property: Id(2)] int FailedInARow,
    [property: Id(3)] long OutputTokens);
