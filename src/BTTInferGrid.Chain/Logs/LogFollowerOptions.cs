using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Logs;

/// <summary>Which logs are followed, from where, and how deep a block must lie before its logs count.</summary>
public sealed record LogFollowerOptions
{
    /// <summary>
    /// The SQLite file that keeps the place in the chain; handlers may keep what they derive in the same.
    /// </summary>
    public required string Database { get; init; }

    /// <summary>Names the place, of which a file may keep several: 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The contracts that are followed: 1 to 100.</summary>
    public required IReadOnlyList<Address> Addresses { get; init; }

    /// <summary>Signature hashes of the events that are followed, at most 100; none (the default) for all.</summary>
    public IReadOnlyList<Hash32> Events { get; init; } = [];

    /// <summary>The first block of interest, such as that of the contracts' deployment. Default 0.</summary>
    public ulong FirstBlock { get; init; }

    /// <summary>
    /// Blocks that must be on a block, itself included, before its logs are handed on: 1 to 10,000. Default 12. More is
    /// later and safer.
    /// </summary>
    public int Confirmations { get; init; } = 12;

    /// <summary>
    /// The most blocks asked for at once: 1 to 100,000. Fewer are where the node refuses that. Default 2,000.
    /// </summary>
    public int MaxRange { get; init; } = 2000;

    /// <summary>
    /// How often a chain is asked for new blocks: 10 ms to 1 hour. Default 3 s, the time of a block on BTTC.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <exception cref="ArgumentException">A value is out of range; the message names it and its range.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Database), nameof(Database), "a path");
        Require(Name is { Length: >= 1 and <= 100 }, nameof(Name), "1 to 100 characters");
        Require(Addresses is { Count: >= 1 and <= 100 }, nameof(Addresses), "1 to 100 contracts");
        Require(Events is { Count: <= 100 }, nameof(Events), "at most 100 events");
        Require(Confirmations is >= 1 and <= 10_000, nameof(Confirmations), "1 to 10,000 blocks");
        Require(MaxRange is >= 1 and <= 100_000, nameof(MaxRange), "1 to 100,000 blocks");
        Require(PollInterval.TotalMilliseconds is >= 10 and <= 3_600_000, nameof(PollInterval), "10 ms to 1 hour");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(LogFollowerOptions)}.{name} must be {range}.", name);
        }
    }
}
