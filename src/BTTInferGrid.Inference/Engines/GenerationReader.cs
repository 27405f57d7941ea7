namespace BTTInferGrid.Inference;

/// <summary>
/// An answer while the engine makes it. The reader takes tokens when it wants them: all that are there, or fewer. For one
/// reader at a time.
/// </summary>
public sealed class GenerationReader : IDisposable
{
    private readonly Generation _generation;
    private readonly RequestQueue _queue;

    internal GenerationReader(Generation generation, RequestQueue queue)
    {
        _generation = generation;
        _queue = queue;
    }

    /// <summary>What the whole answer amounts to.</summary>
    /// <exception cref="InvalidOperationException"><see cref="WaitAsync"/> has not returned false.</exception>
    public EngineResult Result =>
        // Not the channel's Completion: it completes after the wait for tokens has returned false.
        _generation.Result ?? throw new InvalidOperationException("The answer is not complete.");

    /// <summary>Whether the request waits for its turn: in the queue, or to go on after it made room for others.</summary>
    public bool IsWaiting => _generation.IsWaiting;

    /// <summary>Waits for tokens.</summary>
    /// <param name="cancellationToken">Ends the wait; dispose the reader to end the answer.</param>
    /// <returns>Whether <see cref="TryTake"/> has a token; false when the answer is complete.</returns>
    /// <exception cref="EngineStoppedException">The engine was disposed.</exception>
    /// <exception cref="EngineFailedException">The engine failed.</exception>
    /// <exception cref="RequestFailedException">This request failed.</exception>
    /// <exception cref="InvalidLogitsException">The model is broken.</exception>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        _generation.Made.WaitToReadAsync(cancellationToken);

    /// <summary>Takes the next token if it has been made.</summary>
    /// <param name="token">The token.</param>
    public bool TryTake(out GeneratedToken token) => _generation.Made.TryRead(out token);

    /// <summary>Ends the answer, within one step of the engine, if it is not complete.</summary>
    public void Dispose() => _queue.Abandon(_generation);
}

/// <summary>One token of an answer.</summary>
/// <param name="Token">The token that was chosen; the last one of an answer is the one that ended it.</param>
/// <param name="Text">See <see cref="EngineTokens.Text"/>; empty without <see cref="EngineRequest.WithText"/>.</param>
/// <param name="LogProbabilities">
/// How likely it was; null unless <see cref="EngineRequest.LogProbabilities"/> asked for it.
/// </param>
public readonly record struct GeneratedToken(int Token, string Text, TokenLogProbabilities? LogProbabilities);
