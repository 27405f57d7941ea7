namespace Orleans.Embedded.Chaos.Grains;

/// <summary>A list that is stored at each change: an acknowledged entry must never be lost.</summary>
[Alias("chaos.ILedgerGrain")]
public interface ILedgerGrain : IGrainWithIntegerKey
{
    /// <summary>Appends an operation and returns its entry once that is durable.</summary>
    [Alias("Append")]
    Task<LedgerEntry> Append(long operation);

    /// <summary>All entries, read anew from the store.</summary>
    [Alias("Read")]
    Task<LedgerEntry[]> Read();
}
