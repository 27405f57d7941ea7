using System.Numerics;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Tests.Payouts;

/// <summary>The tree by itself; that the contract takes its proofs is shown in GridLifeTests.</summary>
public sealed class MerkleSumTreeTests
{
    private static readonly Address Rewards = AddressOf(200);

    [Fact]
    public void Root_OfTheSamePayoutsInAnyOrder_IsTheSame()
    {
        var payouts = Payouts(9);

        var tree = new MerkleSumTree(199, Rewards, payouts);

        Assert.Equal(tree.Root, new MerkleSumTree(199, Rewards, payouts.Reverse()).Root);
        Assert.Equal(45, tree.Total);
    }

    [Fact]
    public void Root_OfAnotherChainContractAccountOrAmount_IsAnother()
    {
        var payouts = Payouts(3);
        Payout[] richer = [payouts[0] with { Cumulative = 2 }, .. payouts[1..]];
        Payout[] other = [payouts[0] with { Account = AddressOf(100) }, .. payouts[1..]];

        Hash32[] roots =
        [
            new MerkleSumTree(199, Rewards, payouts).Root,
            new MerkleSumTree(1029, Rewards, payouts).Root,
            new MerkleSumTree(199, AddressOf(201), payouts).Root,
            new MerkleSumTree(199, Rewards, richer).Root,
            new MerkleSumTree(199, Rewards, other).Root,
        ];

        Assert.Equal(roots.Length, roots.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(65)]
    public void ProofOf_EachAccount_HasTheAmountAndTheRestOfTheTotal(int count)
    {
        var payouts = Payouts(count);
        var tree = new MerkleSumTree(199, Rewards, payouts);

        foreach (var payout in payouts)
        {
            var proof = tree.ProofOf(payout.Account, out var cumulative);
            Assert.Equal(payout.Cumulative, cumulative);
            Assert.Equal(tree.Total, proof!.Value.Aggregate(cumulative, static (sum, step) => sum + step.Sum));
        }

        Assert.Null(tree.ProofOf(AddressOf(100), out _));
    }

    [Fact]
    public void Create_PayoutsThatNoContractPays_SaysWhich()
    {
        var (one, other) = (AddressOf(1), AddressOf(2));

        Assert.Contains("no payouts", Refusal(), StringComparison.Ordinal);
        Assert.Contains("zero address", Refusal(new Payout(Address.Zero, 1)), StringComparison.Ordinal);
        Assert.Contains($"{one} has two", Refusal(new Payout(one, 1), new Payout(other, 1), new Payout(one, 2)), StringComparison.Ordinal);
        Assert.Contains($"{other} is 0", Refusal(new Payout(one, 1), new Payout(other, 0)), StringComparison.Ordinal);
        Assert.Contains($"{one} is -1", Refusal(new Payout(one, -1)), StringComparison.Ordinal);
        var half = BigInteger.One << 127;
        Assert.Contains("2^128", Refusal(new Payout(one, half), new Payout(other, half)), StringComparison.Ordinal);
        Assert.Equal(2 * half - 1, new MerkleSumTree(199, Rewards, [new Payout(one, half), new Payout(other, half - 1)]).Total);
    }

    private static string Refusal(params Payout[] payouts) =>
        Assert.Throws<PayoutException>(() => new MerkleSumTree(199, Rewards, payouts)).Message;

    private static Payout[] Payouts(int count) =>
        [.. Enumerable.Range(1, count).Select(static number => new Payout(AddressOf((byte)number), number))];

    private static Address AddressOf(byte number) => new(Hash32.Of([number]).ToBytes().AsSpan(12));
}
