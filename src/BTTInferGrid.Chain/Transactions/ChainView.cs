using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>What one endpoint says, at once, of the transactions that are under way.</summary>
/// <param name="Head">The height of the chain.</param>
/// <param name="NextNonce">Transactions of the account in the chain.</param>
/// <param name="Sightings">What it says of each, in the order they were asked for.</param>
internal sealed record ChainView(ulong Head, ulong NextNonce, IReadOnlyList<Sighting> Sightings)
{
    /// <summary>
    /// Nodes refuse long batches: at most so many transactions are asked for, those with the lowest nonces.
    /// </summary>
    private const int MaxTransactions = 64;

    public static async Task<ChainView> AskAsync(
        RpcClient rpc, Address sender, IReadOnlyList<StoredIntent> underWay, CancellationToken cancellationToken)
    {
        var head = ChainQueries.BlockNumber();
        var count = ChainQueries.TransactionCount(sender, BlockTag.Latest);
        var intents = new List<StoredIntent>();
        var calls = new List<RpcCall> { head.Call, count.Call };
        foreach (var intent in underWay)
        {
            if (intents.Count > 0 && calls.Count + intent.Attempts.Count > MaxTransactions * 2)
            {
                break;
            }

            intents.Add(intent);
            calls.Add(ChainQueries.IsKnown(intent.Attempts[^1].Hash).Call);
            calls.AddRange(intent.Attempts.Select(static attempt => ChainQueries.Receipt(attempt.Hash).Call));
        }

        var replies = await rpc.CallAsync(calls, cancellationToken);
        var next = 2;
        var sightings = new List<Sighting>();
        foreach (var intent in intents)
        {
            var isKnown = ChainQueries.IsKnown(intent.Attempts[^1].Hash).Read(replies[next++]);
            TransactionReceipt? receipt = null;
            foreach (var attempt in intent.Attempts)
            {
                receipt ??= ChainQueries.Receipt(attempt.Hash).Read(replies[next]);
                next++;
            }

            sightings.Add(new Sighting(intent, isKnown, receipt));
        }

        return new ChainView(head.Read(replies[0]), count.Read(replies[1]), sightings);
    }
}
