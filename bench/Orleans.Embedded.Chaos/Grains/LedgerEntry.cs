namespace Orleans.Embedded.Chaos.Grains;

/// <summary>One entry of a ledger.</summary>
/// <param name="Position">Its place, from 0.</param>
/// <param name="Operation">What the caller appended.</param>
/// <param name="Activation">The activation that wrote it.</param>
/// <param name="Token">The fencing token of that activation.</param>
[GenerateSerializer]
[Immutable]
[Alias("chaos.LedgerEntry")]
public sealed record LedgerEntry(int Position, long Operation, string Activation, long Token);
