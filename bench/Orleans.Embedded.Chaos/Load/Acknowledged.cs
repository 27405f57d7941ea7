using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>An entry that a caller was told is stored.</summary>
internal readonly record struct Acknowledged(long Ledger, LedgerEntry Entry);
