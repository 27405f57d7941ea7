using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>The contract refuses the call.</summary>
public sealed class TransactionRevertedException : TransactionException
{
    internal TransactionRevertedException(string key, string reason, ReadOnlyMemory<byte> data, Hash32? hash)
        : base(key, hash is null
            ? $"'{key}' would be reverted, so it was not sent: {reason} Correct the call and submit it again."
            : $"'{key}' was reverted in {hash}: {reason} Its gas was paid. Submit a corrected call under another key.")
    {
        RevertData = data;
        Hash = hash;
    }

    /// <summary>What the contract returned, ABI encoded; empty if the node does not say.</summary>
    public ReadOnlyMemory<byte> RevertData { get; }

    /// <summary>The transaction; null if none was sent, because trying the call before was reverted.</summary>
    public Hash32? Hash { get; }
}
