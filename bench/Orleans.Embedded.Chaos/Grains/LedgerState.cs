namespace Orleans.Embedded.Chaos.Grains;

/// <summary>The stored entries of a ledger.</summary>
public sealed class LedgerState
{
    /// <summary>The entries in the order of writing.</summary>
    public List<LedgerEntry> Entries { get; set; } = [];
}
