using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>What is known of an intent.</summary>
/// <param name="Key">The key of the intent.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Nonce">Its nonce; null before it has one.</param>
/// <param name="Hash">The transaction that is in a block, or else the newest that was signed; null before.</param>
/// <param name="BlockNumber">The block that it is in, once that is deep enough.</param>
/// <param name="Problem">Why nodes do not take it now; null if they do.</param>
public sealed record TransactionStatus(
    string Key, TransactionState State, ulong? Nonce, Hash32? Hash, ulong? BlockNumber, string? Problem)
{
    /// <summary>Whether its end was acknowledged: see <see cref="TransactionManager.AcknowledgeAsync"/>.</summary>
    public bool IsAcknowledged { get; init; }
}
