namespace BTTInferGrid.Chain.Logs;

/// <summary>
/// A block whose logs were handed on is no longer of the chain: it was reorganised deeper than
/// <see cref="LogFollowerOptions.Confirmations"/>, or it is another chain.
/// </summary>
public sealed class DeepReorgException : Exception
{
    internal DeepReorgException(LogCursor dropped, LogCursor? common)
        : base($"Block {dropped.Block} with hash {dropped.Hash} was taken for final and is no longer of the chain. "
            + (common is { } block
                ? $"Undo what came of the blocks after {block.Block} and rewind to it; raise the confirmations."
                : "No block that is remembered still is. If the chain is the right one, undo everything and rewind to "
                    + "nothing."))
    {
        Dropped = dropped;
        Common = common;
    }

    /// <summary>The newest block that was handed on.</summary>
    public LogCursor Dropped { get; }

    /// <summary>
    /// The newest block that was handed on and is still of the chain; null if none of those remembered is.
    /// </summary>
    public LogCursor? Common { get; }
}
