using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// What a transaction is to do, under a key that says which one it is: the same key is sent at most once.
/// </summary>
public sealed record TransactionIntent
{
    /// <summary>The longest key.</summary>
    public const int MaxKeyLength = 200;

    /// <summary>
    /// Names the intent among those of the sender: 1 to 200 characters that the caller can make again after a crash,
    /// such as <c>claim/17</c>. Keys that begin with <c>gap/</c> are taken.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The account or contract called; null makes a contract of the data.</summary>
    public required Address? To { get; init; }

    /// <summary>Wei sent along: 0 to 2^256 - 1. Default 0.</summary>
    public BigInteger Value { get; init; }

    /// <summary>The call's data: at most 128 KiB, as much as nodes take. Default none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Units of gas that may be used; null (the default) asks the node and adds a margin.</summary>
    public ulong? GasLimit { get; init; }

    /// <exception cref="ArgumentException">A value is out of range; the message names it and its range.</exception>
    internal void Validate()
    {
        Require(Key is { Length: >= 1 and <= MaxKeyLength }, nameof(Key), "1 to 200 characters");
        Require(
            !Key.StartsWith(TransactionStore.GapPrefix, StringComparison.Ordinal), nameof(Key),
            "one that does not begin with gap/");
        Require(To != Address.Zero, nameof(To), "an account or a contract, not the zero address, where all is lost");
        Require(Value.Sign >= 0 && Value < BigInteger.One << 256, nameof(Value), "0 to 2^256 - 1 wei");
        Require(Data.Length <= 128 << 10, nameof(Data), "at most 128 KiB");
        Require(GasLimit is null or >= 21_000, nameof(GasLimit), "at least 21,000");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(TransactionIntent)}.{name} must be {range}.", name);
        }
    }
}
