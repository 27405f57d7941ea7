using System.Collections.Immutable;
using System.Security.Cryptography;

namespace BTTInferGrid.Inference;

/// <summary>Checks opened leaves. Everything in an opening may be hostile.</summary>
public static class MerkleProof
{
    /// <summary>Whether a leaf is the one of its index in a commitment.</summary>
    /// <param name="scope">What the commitment belongs to, from the job, not from the miner.</param>
    /// <param name="root">The root the miner published.</param>
    /// <param name="positions">Number of output tokens, as counted by the checker.</param>
    /// <param name="opening">What the miner opened.</param>
    public static bool Verify(
        CommitmentScope scope, ReadOnlySpan<byte> root, int positions, LeafOpening opening)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(opening);
        var leaves = positions > 0 ? LeafCodec.LeafCount(positions) : 0;
        if ((uint)opening.Index >= (uint)leaves
            || opening.Path.IsDefault
            || !LeafCodec.IsLeaf(opening.Leaf.Span, opening.Index, LeafCodec.PositionsIn(opening.Index, positions)))
        {
            return false;
        }

        Span<byte> node = stackalloc byte[MerkleTree.HashBytes];
        MerkleTree.HashLeaf(scope.Binding, opening.Leaf.Span, node);
        return Climb(node, opening.Index, leaves, opening.Path)
            && CryptographicOperations.FixedTimeEquals(MerkleTree.HashRoot(scope.Binding, positions, node), root);
    }

    /// <summary>Reads an opening if it belongs to the commitment.</summary>
    /// <returns>Its positions, the first of output index 16 x <see cref="LeafOpening.Index"/>; null if not.</returns>
    /// <inheritdoc cref="Verify" path="/param"/>
    public static ImmutableArray<PositionEvidence>? Read(
        CommitmentScope scope, ReadOnlySpan<byte> root, int positions, LeafOpening opening) =>
        Verify(scope, root, positions, opening) ? LeafCodec.Read(opening.Leaf.Span) : null;

    /// <summary>From a leaf's hash to the top node; false when the path does not have exactly the hashes it must.</summary>
    private static bool Climb(
        Span<byte> node, int index, int count, ImmutableArray<ReadOnlyMemory<byte>> path)
    {
        var used = 0;
        for (; count > 1; index /= 2, count = (count + 1) / 2)
        {
            if (index == count - 1 && count % 2 == 1)
            {
                continue;
            }

            if (used == path.Length || path[used].Length != MerkleTree.HashBytes)
            {
                return false;
            }

            var sibling = path[used++].Span;
            if (index % 2 == 0)
            {
                MerkleTree.HashNode(node, sibling, node);
            }
            else
            {
                MerkleTree.HashNode(sibling, node, node);
            }
        }

        return used == path.Length;
    }
}
