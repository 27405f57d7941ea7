namespace BTTInferGrid.Silo.Chains;

/// <summary>Something that a wallet does on a chain, in one transaction or a few.</summary>
/// <param name="Key">
/// What is done, with its amounts: while an action is under way, the same key is the same action, and is not begun again.
/// </param>
/// <param name="Question">What a person is asked before.</param>
/// <param name="Plan">Its steps, as the chain is now; the last is what the action is for.</param>
internal sealed record ChainAction(
    string Key, string Question, Func<ChainReader, CancellationToken, Task<IReadOnlyList<ChainStep>>> Plan)
{
    /// <summary>What it is, in a word.</summary>
    public string Name => Key.Split('/')[0];

    /// <summary>Done before anything is sent, and not by an estimate.</summary>
    public Func<ChainReader, CancellationToken, Task> Prepare { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>An action of one step that does not depend on the chain.</summary>
    public static ChainAction Of(string key, string question, Func<ChainReader, ChainStep> step) =>
        new(key, question, (chain, _) => Task.FromResult<IReadOnlyList<ChainStep>>([step(chain)]));
}
