namespace BTTInferGrid.Chain.Storage;

/// <summary>The file in which the chain client keeps its transactions and cursors cannot be used.</summary>
public sealed class ChainStoreException : Exception
{
    internal ChainStoreException(string path, Exception inner)
        : base($"{path} cannot be used: {inner.Message} Make it writable, or restore it from a copy.", inner)
    {
    }

    internal ChainStoreException(string path, string part, int found, int expected)
        : base($"{path} has {part} of version {found}, and this program knows version {expected}. "
            + "Use the program that wrote it.")
    {
    }
}
