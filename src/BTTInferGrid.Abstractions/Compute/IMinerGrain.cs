namespace BTTInferGrid.Compute;

/// <summary>
/// The engine of one miner. The key is the miner's id; the grain runs where that miner's engine is and nowhere else.
/// </summary>
[Alias("grid.miner")]
public interface IMinerGrain : IGrainWithStringKey
{
    /// <summary>Says what this miner serves. Activates the grain, so that a miner that cannot serve fails here.</summary>
    [Alias("describe")]
    Task<MinerOffer> Describe();

    /// <summary>
    /// Runs one generation. The stream is any number of <see cref="MinerTokens"/>, then exactly one
    /// <see cref="MinerResult"/>. Cancelling stops the engine within one decode step.
    /// </summary>
    /// <param name="request">Prompt, parameters and seed.</param>
    /// <param name="cancellationToken">Ends the generation early; the tokens made so far stand.</param>
    /// <exception cref="MinerBusyException">The miner's queue is full.</exception>
    /// <exception cref="RequestRefusedException">The request can never be served by this miner.</exception>
    /// <exception cref="MinerFailedException">The engine broke.</exception>
    [Alias("generate")]
    IAsyncEnumerable<MinerEvent> Generate(GenerateRequest request, CancellationToken cancellationToken = default);
}
