namespace Orleans.Embedded.Chaos.Grains;

internal sealed class LedgerGrain([PersistentState("ledger")] IPersistentState<LedgerState> state) : Grain, ILedgerGrain
{
    public async Task<LedgerEntry> Append(long operation)
    {
        var entries = state.State.Entries;
        var entry = new LedgerEntry(entries.Count, operation, GrainContext.ActivationId.ToString(), this.GetFencingToken());
        entries.Add(entry);
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Whether it was written is not known: the next activation reads what is stored.
            DeactivateOnIdle();
            throw;
        }

        return entry;
    }

    public async Task<LedgerEntry[]> Read()
    {
        await state.ReadStateAsync();
        return [.. state.State.Entries];
    }
}
