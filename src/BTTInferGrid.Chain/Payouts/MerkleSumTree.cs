using System.Collections.Immutable;
using System.Numerics;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Payouts;

/// <summary>
/// The tree of what an epoch pays, as <c>MerkleSumTree.sol</c> checks it: each node binds the sum of what is below it. Leaves
/// are in the order of their accounts, so that equal payouts give equal roots, whoever builds the tree.
/// </summary>
/// <remarks>The idea is Maxwell's, for proofs of liabilities ("Merkle sum tree").</remarks>
public sealed class MerkleSumTree
{
    private static readonly Hash32 LeafType =
        Hash32.Of("EpochLeaf(uint256 chainId,address rewards,address account,uint256 cumulative)"u8);

    private static readonly Hash32 NodeType =
        Hash32.Of("EpochNode(bytes32 left,uint256 leftSum,bytes32 right,uint256 rightSum)"u8);

    // The contract keeps a root's total in so many bits.
    private static readonly BigInteger MaxTotal = (BigInteger.One << 128) - 1;

    private static readonly Comparer<Payout> ByAccount =
        Comparer<Payout>.Create(static (one, other) => one.Account.CompareTo(other.Account));

    private readonly ImmutableArray<Payout> _payouts;

    // From the leaves up; the last level is the root alone.
    private readonly List<SumProofStep[]> _levels = [];

    /// <summary>Builds the tree.</summary>
    /// <param name="chainId">The chain of the contract.</param>
    /// <param name="rewards">The contract <c>EpochRewards</c> that pays.</param>
    /// <param name="payouts">One for each account, in any order.</param>
    /// <exception cref="PayoutException">
    /// There is none, an account is the zero address or has two, or an amount or the total is out of range.
    /// </exception>
    public MerkleSumTree(ulong chainId, Address rewards, IEnumerable<Payout> payouts)
    {
        _payouts = [.. payouts.Order(ByAccount)];
        Total = Check(_payouts);
        var nodes = new SumProofStep[_payouts.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new SumProofStep(LeafHash(chainId, rewards, _payouts[i]), _payouts[i].Cumulative);
        }

        _levels.Add(nodes);
        while (nodes.Length > 1)
        {
            _levels.Add(nodes = Raise(nodes));
        }
    }

    /// <summary>What validators sign.</summary>
    public Hash32 Root => _levels[^1][0].Hash;

    /// <summary>All amounts together.</summary>
    public BigInteger Total { get; }

    /// <summary>The payouts, in the order of their accounts.</summary>
    public IReadOnlyList<Payout> Payouts => _payouts;

    /// <summary>What proves an account's payout: the siblings of the way from its leaf to the root.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cumulative">What it has earned in all.</param>
    /// <returns>Null if the tree has no payout for it.</returns>
    public ImmutableArray<SumProofStep>? ProofOf(Address account, out BigInteger cumulative)
    {
        var index = _payouts.BinarySearch(new Payout(account, 0), ByAccount);
        if (index < 0)
        {
            cumulative = 0;
            return null;
        }

        cumulative = _payouts[index].Cumulative;
        var proof = ImmutableArray.CreateBuilder<SumProofStep>(_levels.Count);
        foreach (var level in _levels)
        {
            var sibling = index ^ 1;
            if (sibling < level.Length)
            {
                proof.Add(level[sibling]);
            }

            index /= 2;
        }

        return proof.ToImmutable();
    }

    private static BigInteger Check(ImmutableArray<Payout> payouts)
    {
        if (payouts.IsEmpty)
        {
            throw new PayoutException("There are no payouts. An epoch without any has no root.");
        }

        var total = BigInteger.Zero;
        for (var i = 0; i < payouts.Length; i++)
        {
            var (account, cumulative) = payouts[i];
            if (account == default)
            {
                throw new PayoutException("A payout is for the zero address, which nobody has. Leave it out.");
            }

            if (i > 0 && payouts[i - 1].Account == account)
            {
                throw new PayoutException($"Account {account} has two payouts. Add them up.");
            }

            if (cumulative.Sign <= 0)
            {
                throw new PayoutException($"The payout of {account} is {cumulative} wei. Leave out who has earned nothing.");
            }

            total += cumulative;
        }

        return total <= MaxTotal
            ? total
            : throw new PayoutException($"The payouts are {total} wei together; the most is 2^128 - 1.");
    }

    /// <summary>The level above one. A node without a sibling moves up as it is.</summary>
    private static SumProofStep[] Raise(SumProofStep[] nodes)
    {
        var above = new SumProofStep[(nodes.Length + 1) / 2];
        for (var i = 0; i < above.Length; i++)
        {
            above[i] = (2 * i) + 1 == nodes.Length ? nodes[2 * i] : Join(nodes[2 * i], nodes[(2 * i) + 1]);
        }

        return above;
    }

    private static SumProofStep Join(SumProofStep one, SumProofStep other)
    {
        var (left, right) = one.Hash.CompareTo(other.Hash) < 0 ? (one, other) : (other, one);
        var writer = new AbiWriter();
        writer.Begin(5 * AbiWriter.WordBytes);
        writer.Add(AbiTypes.Bytes32, NodeType);
        writer.Add(AbiTypes.Bytes32, left.Hash);
        writer.Add(AbiTypes.UInt256, left.Sum);
        writer.Add(AbiTypes.Bytes32, right.Hash);
        writer.Add(AbiTypes.UInt256, right.Sum);
        return new SumProofStep(Hash32.Of(writer.Written), one.Sum + other.Sum);
    }

    private static Hash32 LeafHash(ulong chainId, Address rewards, Payout payout)
    {
        var writer = new AbiWriter();
        writer.Begin(5 * AbiWriter.WordBytes);
        writer.Add(AbiTypes.Bytes32, LeafType);
        writer.Add(AbiTypes.UInt256, chainId);
        writer.Add(AbiTypes.Address, rewards);
        writer.Add(AbiTypes.Address, payout.Account);
        writer.Add(AbiTypes.UInt256, payout.Cumulative);
        return Hash32.Of(Hash32.Of(writer.Written).ToBytes());
    }
}
