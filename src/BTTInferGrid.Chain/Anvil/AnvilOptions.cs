using System.Numerics;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>A local chain: where its files are, and how it makes blocks.</summary>
public sealed record AnvilOptions
{
    /// <summary>
    /// The folder of the chain's state and of its accounts' secret. Made if missing; one process has it.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The EIP-155 id: 1 to 2^53. Default 31337, as local chains have by custom.</summary>
    public ulong ChainId { get; init; } = 31337;

    /// <summary>The port on 127.0.0.1: 0 to 65,535. Default 0: one that is free.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Time between blocks: whole seconds, 1 to 3,600. Null (the default) makes a block of each transaction at once;
    /// zero makes blocks only when asked to, by <c>evm_mine</c>.
    /// </summary>
    public TimeSpan? BlockTime { get; init; }

    /// <summary>
    /// How often the state is written: whole seconds, 1 to 3,600. It is also written when the chain stops; a host that
    /// fails loses what came after the last writing. Default 5 s.
    /// </summary>
    public TimeSpan StateInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Accounts that have coins when the chain is new: 1 to 100. Default 10.</summary>
    public int Accounts { get; init; } = 10;

    /// <summary>What each account has when the chain is new, in wei: less than 2^200. Default 10^24.</summary>
    public BigInteger Balance { get; init; } = BigInteger.Pow(10, 24);

    /// <summary>Anvil's program. Null (the default) looks for it: see <see cref="AnvilProgram"/>.</summary>
    public string? Program { get; init; }

    /// <exception cref="ArgumentException">A value is out of range; the message names it and its range.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Folder), nameof(Folder), "a path");
        Require(ChainId is >= 1 and <= 1UL << 53, nameof(ChainId), "1 to 2^53");
        Require(Port is >= 0 and <= 65_535, nameof(Port), "0 to 65,535");
        Require(
            BlockTime is null || BlockTime == TimeSpan.Zero || IsSeconds(BlockTime.Value), nameof(BlockTime),
            "0 to 3,600 whole seconds");
        Require(IsSeconds(StateInterval), nameof(StateInterval), "1 to 3,600 whole seconds");
        Require(Accounts is >= 1 and <= 100, nameof(Accounts), "1 to 100");
        Require(Balance >= 0 && Balance < BigInteger.One << 200, nameof(Balance), "0 to 2^200 wei");
    }

    private static bool IsSeconds(TimeSpan value)
    {
        return value.TotalSeconds is >= 1 and <= 3600 && value.Ticks % TimeSpan.TicksPerSecond == 0;
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(AnvilOptions)}.{name} must be {range}.", name);
        }
    }
}
