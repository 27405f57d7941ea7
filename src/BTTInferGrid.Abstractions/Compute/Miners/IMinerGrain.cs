using Orleans.Embedded.Edge;

namespace BTTInferGrid.Compute;

/// <summary>
/// The engine of one miner. The key is the miner's id; the grain runs in that miner's own process and nowhere else, so
/// whatever it answers is checked.
/// </summary>
[Alias("grid.miner"), EdgeHosted]
public interface IMinerGrain : IGrainWithStringKey
{
    /// <summary>What the miner is doing: at once, and then every second until the stream is cancelled or the miner lost.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    [Alias("watch")]
    IAsyncEnumerable<MinerStatus> Watch(CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs one generation. The stream is any number of <see cref="MinerTokens"/>, then exactly one
    /// <see cref="MinerResult"/>. Cancelling stops the engine within one decode step.
    /// </summary>
    /// <param name="request">Prompt, parameters and seed.</param>
    /// <param name="cancellationToken">Ends the generation early; the tokens made so far stand.</param>
    /// <exception cref="MinerBusyException">The miner's queue is full, or it is draining.</exception>
    /// <exception cref="RequestRefusedException">The request can never be served by this miner.</exception>
    /// <exception cref="MinerFailedException">The engine broke.</exception>
    [Alias("generate")]
    IAsyncEnumerable<MinerEvent> Generate(GenerateRequest request, CancellationToken cancellationToken = default);

    /// <summary>Turns texts into vectors of length 1.</summary>
    /// <param name="request">The texts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MinerBusyException">The miner's queue is full, or it is draining.</exception>
    /// <exception cref="RequestRefusedException">The request can never be served by this miner.</exception>
    /// <exception cref="MinerFailedException">The computation broke.</exception>
    [Alias("embed")]
    Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken = default);
}
