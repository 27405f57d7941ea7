using System.Numerics;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>An intent and how far it has come, as it is stored.</summary>
/// <param name="Id">Counts intents in the order of submission.</param>
/// <param name="Intent">The intent.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Nonce">Its nonce; null before it has one.</param>
/// <param name="Hash">The transaction in a block that is deep enough; null before.</param>
/// <param name="Block">The height of that block.</param>
/// <param name="Problem">Why nodes do not take it now.</param>
/// <param name="Refusal">Why it was refused or reverted.</param>
/// <param name="Attempts">What was signed for it, in order.</param>
internal sealed record StoredIntent(
    long Id, TransactionIntent Intent, TransactionState State, ulong? Nonce, Hash32? Hash, ulong? Block,
    string? Problem, Refusal? Refusal, IReadOnlyList<TransactionAttempt> Attempts)
{
    /// <summary>Whether whoever wanted it knows its end.</summary>
    public bool IsAcknowledged { get; init; }

    public TransactionStatus Status =>
        new(Intent.Key, State, Nonce, Hash ?? (Attempts.Count == 0 ? null : Attempts[^1].Hash), Block, Problem)
        {
            IsAcknowledged = IsAcknowledged,
        };

    /// <summary>Wei that the newest attempt may cost.</summary>
    public BigInteger MaxCost => Intent.Value + (Attempts[^1].GasLimit * Attempts[^1].Fees.MaxFee);

    public CallMessage CallFrom(Address sender)
    {
        return new CallMessage(sender, Intent.To, Intent.Value, Intent.Data);
    }
}
