using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>The store belongs to another chain of the same id, such as a local one that was made anew.</summary>
public sealed class DifferentGenesisException : Exception
{
    internal DifferentGenesisException(string database, Hash32 stored, Hash32 found)
        : base($"{database} was used with the chain whose first block is {stored}; the nodes have one with {found}. "
            + "Correct the endpoint, or use another file for this chain.")
    {
        Stored = stored;
        Found = found;
    }

    /// <summary>The first block of the chain that the store was used with.</summary>
    public Hash32 Stored { get; }

    /// <summary>The first block of the nodes' chain.</summary>
    public Hash32 Found { get; }
}
