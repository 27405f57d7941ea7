namespace BTTInferGrid.Compute;

/// <summary>What a job needs of a miner.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Profile">The model profile that the miner must run.</param>
/// <param name="PromptTokens">Tokens that the miner has to read, those of an answer it goes on with included.</param>
/// <param name="MaxTokens">Most tokens that it may have to generate.</param>
/// <param name="Prefixes">
/// Keys of the prompt's beginnings, the shortest first; see <see cref="PromptPrefixes"/>. A miner that has served one of
/// them before has a part of the prompt in its cache.
/// </param>
/// <param name="Excluded">Miners that this job has tried; empty or default for none.</param>
/// <param name="Silo">Where the job runs: when that silo is dead, nobody releases the job any more. Null if it is not known.</param>
/// <param name="Continues">Whether the job had a miner before and lost it: new jobs do not take its place.</param>
[GenerateSerializer, Immutable, Alias("grid.route-request")]
public sealed record RouteRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] int PromptTokens,
    [property: Id(3)] int MaxTokens,
    [property: Id(4)] ImmutableArray<ulong> Prefixes = default,
    [property: Id(5)] ImmutableArray<string> Excluded = default,
    [property: Id(6)] SiloAddress? Silo = null,
    [property: Id(7)] bool Continues = false);

/// <summary>The miner that was chosen for a job.</summary>
/// <param name="Miner">What it serves.</param>
/// <param name="Speed">How fast it is: what a job may expect, and by which it notices a stall.</param>
/// <param name="Trace">Why this one.</param>
[GenerateSerializer, Immutable, Alias("grid.route")]
public sealed record Route(
    [property: Id(0)] MinerOffer Miner,
    [property: Id(1)] MinerSpeed Speed,
    [property: Id(2)] RouteTrace Trace);

/// <summary>Why a job went where it went.</summary>
/// <param name="Known">Miners of the model that the grid knows.</param>
/// <param name="NotActive">Those passed over because they are not active.</param>
/// <param name="OtherProfile">Those passed over because they run another profile.</param>
/// <param name="TooSmall">Those passed over because the request does not fit their context.</param>
/// <param name="Excluded">Those passed over because the job had tried them.</param>
/// <param name="Full">
/// Those passed over because their slots or their cache are taken; counted only where that leaves none, since a search does not look at
/// all miners otherwise.
/// </param>
/// <param name="Finalists">The best of the rest, at most two, the winner first.</param>
/// <param name="Decision">Why the winner won, for a person.</param>
[GenerateSerializer, Immutable, Alias("grid.route-trace")]
public sealed record RouteTrace(
    [property: Id(0)] int Known,
    [property: Id(1)] int NotActive,
    [property: Id(2)] int OtherProfile,
    [property: Id(3)] int TooSmall,
    [property: Id(4)] int Excluded,
    [property: Id(7)] int Full,
    [property: Id(5)] ImmutableArray<RouteCandidate> Finalists,
    [property: Id(6)] string Decision);

/// <summary>How a miner was scored for a job; the lowest cost is the best.</summary>
/// <param name="MinerId">The miner.</param>
/// <param name="Cost">Expected seconds, weighed by price and failures: what the miners are compared by.</param>
/// <param name="ExpectedSeconds">How long the job would take there.</param>
/// <param name="Jobs">Jobs that it had.</param>
/// <param name="CachedTokens">Tokens of the prompt that it should have in its cache.</param>
/// <param name="Price">What it asks for the job at most, in millionths of a BTT.</param>
/// <param name="Failures">Failed jobs in a row.</param>
[GenerateSerializer, Immutable, Alias("grid.route-candidate")]
public sealed record RouteCandidate(
    [property: Id(0)] string MinerId,
    [property: Id(1)] double Cost,
    [property: Id(2)] double ExpectedSeconds,
    [property: Id(3)] int Jobs,
    [property: Id(4)] int CachedTokens,
    [property: Id(5)] long Price,
    [property: Id(6)] int Failures);
