namespace BTTInferGrid.Compute;

/// <summary>What a miner says that it serves.</summary>
/// <param name="MinerId">Id of the miner.</param>
/// <param name="Model">Model id.</param>
/// <param name="Profile">Model profile: a hash that names exactly what runs, so that an answer can be replayed.</param>
/// <param name="ContextTokens">Most tokens, prompt and answer together, that one request may have.</param>
/// <param name="Slots">Requests that it decodes together; more wait in its queue. At least 1.</param>
/// <param name="Backend">What computes: the back end's name, such as <c>zen4</c> or <c>cuda</c>.</param>
/// <param name="Ask">What it wants to be paid.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-offer")]
public sealed record MinerOffer(
    [property: Id(0)] string MinerId,
    [property: Id(1)] string Model,
    [property: Id(2)] string Profile,
    [property: Id(3)] int ContextTokens,
    [property: Id(4)] int Slots = 1,
    [property: Id(5)] string Backend = "",
    [property: Id(6)] MinerAsk Ask = default);

/// <summary>What a miner wants to be paid, in millionths of a BTT for a thousand tokens.</summary>
/// <param name="Prompt">For a thousand tokens of prompt; at least 0.</param>
/// <param name="Output">For a thousand tokens of answer; at least 0.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-ask")]
public readonly record struct MinerAsk([property: Id(0)] long Prompt, [property: Id(1)] long Output);
