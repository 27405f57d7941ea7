using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>Compares what callers were told with what is stored.</summary>
internal static class LedgerCheck
{
    /// <summary>Reads all ledgers and returns each promise that was broken, in words.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(IGrainFactory grains, IEnumerable<Acknowledged> acknowledged)
    {
        var broken = new List<string>();
        foreach (var told in acknowledged.GroupBy(static item => item.Ledger))
        {
            var stored = await grains.GetGrain<ILedgerGrain>(told.Key).Read();
            CheckNoneLost(told.Key, stored, told, broken);
            CheckOneWriter(told.Key, stored, broken);
        }

        return broken;
    }

    private static void CheckNoneLost(
        long ledger, LedgerEntry[] stored, IEnumerable<Acknowledged> told, List<string> broken)
    {
        foreach (var (_, entry) in told)
        {
            if (entry.Position >= stored.Length || stored[entry.Position] != entry)
            {
                broken.Add($"Ledger {ledger} lost {entry}, which was acknowledged.");
            }
        }
    }

    /// <summary>Each activation writes one unbroken run of entries, with a token above those of all before it.</summary>
    private static void CheckOneWriter(long ledger, LedgerEntry[] stored, List<string> broken)
    {
        var seen = new HashSet<long>();
        for (var i = 0; i < stored.Length; i++)
        {
            var entry = stored[i];
            if (entry.Position != i || !seen.Add(entry.Operation))
            {
                broken.Add($"Ledger {ledger} has {entry} at position {i}, or twice.");
            }

            if (i > 0 && entry.Activation != stored[i - 1].Activation && entry.Token <= stored[i - 1].Token)
            {
                broken.Add($"Ledger {ledger}: {entry} was written by another activation after {stored[i - 1]}, without a higher token.");
            }

            if (i > 0 && entry.Activation == stored[i - 1].Activation && entry.Token != stored[i - 1].Token)
            {
                broken.Add($"Ledger {ledger}: one activation wrote {stored[i - 1]} and {entry} with two tokens.");
            }
        }
    }
}
