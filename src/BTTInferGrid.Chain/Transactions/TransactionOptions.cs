using System.Numerics;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>How transactions are paid for, and when they count as done.</summary>
public sealed record TransactionOptions
{
    /// <summary>The SQLite file of intents and signed bytes. All programs that use the account must share it.</summary>
    public required string Database { get; init; }

    /// <summary>
    /// The most wei per unit of gas that is ever paid: 1 to 2^96. For the size of it: BTTC asks for some 3 x 10^14,
    /// Ethereum for some 10^10.
    /// </summary>
    public required BigInteger MaxFeePerGas { get; init; }

    /// <summary>
    /// Whether gas is priced without EIP-1559 although the chain has it, which nodes of BTTC may want. Default false:
    /// as the chain's blocks have a base fee or not.
    /// </summary>
    public bool UsesLegacyPricing { get; init; }

    /// <summary>Percent added to a node's estimate of gas: 0 to 400. Default 20.</summary>
    public int GasMarginPercent { get; init; } = 20;

    /// <summary>The most units of gas of a transaction: 21,000 to 10^9. Default 10 million.</summary>
    public ulong MaxGas { get; init; } = 10_000_000;

    /// <summary>
    /// Blocks that must be on a transaction's block, itself included, for it to be done: 1 to 128, as far back as a
    /// usual node knows accounts. Default 12.
    /// </summary>
    public int Confirmations { get; init; } = 12;

    /// <summary>
    /// How long the first transaction under way may wait for a block before it is replaced by one that pays more: 1 s
    /// to 1 day. Default 1 minute.
    /// </summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Transactions of the account under way at once: 1 to 64, as nodes keep no more. Default 16.</summary>
    public int MaxUnderWay { get; init; } = 16;

    /// <summary>
    /// How often the chain is asked what became of them: 10 ms to 1 hour. Default 3 s, the time of a block on BTTC.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <exception cref="ArgumentException">A value is out of range; the message names it and its range.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Database), nameof(Database), "a path");
        Require(MaxFeePerGas.Sign > 0 && MaxFeePerGas <= BigInteger.One << 96, nameof(MaxFeePerGas), "1 to 2^96 wei");
        Require(GasMarginPercent is >= 0 and <= 400, nameof(GasMarginPercent), "0 to 400");
        Require(MaxGas is >= 21_000 and <= 1_000_000_000, nameof(MaxGas), "21,000 to 10^9");
        Require(Confirmations is >= 1 and <= 128, nameof(Confirmations), "1 to 128 blocks");
        Require(StuckAfter.TotalSeconds is >= 1 and <= 86_400, nameof(StuckAfter), "1 s to 1 day");
        Require(MaxUnderWay is >= 1 and <= 64, nameof(MaxUnderWay), "1 to 64");
        Require(PollInterval.TotalMilliseconds is >= 10 and <= 3_600_000, nameof(PollInterval), "10 ms to 1 hour");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(TransactionOptions)}.{name} must be {range}.", name);
        }
    }
}
