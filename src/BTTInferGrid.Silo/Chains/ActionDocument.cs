namespace BTTInferGrid.Silo.Chains;

/// <summary>An action that was carried out, as commands show it.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Account">Whose action it was.</param>
/// <param name="Transactions">Its transactions, in order.</param>
/// <param name="Earlier">What earlier commands of the wallet wanted and did not see the end of, and what became of it.</param>
internal sealed record ActionDocument(
    ulong ChainId, string Account, IReadOnlyList<TransactionDocument> Transactions, IReadOnlyList<EarlierDocument> Earlier);

/// <summary>What an earlier command wanted and did not see the end of.</summary>
/// <param name="Action">What it was, with its amounts in wei.</param>
/// <param name="State">queued, sent, confirmed, reverted, displaced or refused.</param>
/// <param name="Hash">Its transaction, if it has one.</param>
internal sealed record EarlierDocument(string Action, string State, string? Hash);

/// <summary>A transaction that is in a block.</summary>
/// <param name="Step">What it did.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Block">Its block's height.</param>
/// <param name="GasUsed">Units of gas; null if no node told.</param>
/// <param name="Fee">What was paid for it, in wei; null where the node does not say.</param>
internal sealed record TransactionDocument(string Step, string Hash, ulong Block, ulong? GasUsed, string? Fee);
