using BTTInferGrid.Chain.Blocks;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>What a node says of an intent that is under way.</summary>
/// <param name="Intent">The intent.</param>
/// <param name="IsKnown">Whether the node has the newest attempt.</param>
/// <param name="Receipt">The receipt of any of the attempts; null if none is in a block.</param>
internal sealed record Sighting(StoredIntent Intent, bool IsKnown, TransactionReceipt? Receipt);
