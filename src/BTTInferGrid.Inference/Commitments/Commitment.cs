using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>
/// What a miner promises to have computed: a root over leaves of 16 output positions each. The root is published with
/// the answer; the leaves, 52 bytes a position, stay with the miner and are opened on challenge. Immutable, thread safe.
/// </summary>
public sealed class Commitment
{
    private readonly byte[][] _leaves;
    private readonly byte[][] _levels;
    private readonly byte[] _root;

    internal Commitment(CommitmentScope scope, int positions, byte[][] leaves, byte[][] levels)
    {
        Scope = scope;
        Positions = positions;
        _leaves = leaves;
        _levels = levels;
        _root = MerkleTree.HashRoot(scope.Binding, positions, levels[^1]);
    }

    /// <summary>What the commitment belongs to.</summary>
    public CommitmentScope Scope { get; }

    /// <summary>32 bytes that bind scope, number of positions and every leaf.</summary>
    public ReadOnlyMemory<byte> Root => _root;

    /// <summary>Output tokens covered, at least 1.</summary>
    public int Positions { get; }

    /// <summary>Number of leaves: one for every 16 positions begun.</summary>
    public int LeafCount => _leaves.Length;

    /// <summary>Builds the commitment again from leaves that were stored.</summary>
    /// <param name="scope">What it belongs to.</param>
    /// <param name="leaves">All leaves, in order, as <see cref="Leaf"/> gave them.</param>
    /// <exception cref="InvalidParameterException">A leaf is missing, damaged in its head, or out of order.</exception>
    public static Commitment FromLeaves(CommitmentScope scope, IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(leaves);
        if (leaves.Count == 0)
        {
            throw new InvalidParameterException(nameof(leaves), "empty", "at least one leaf");
        }

        var last = (leaves[^1].Length - LeafCodec.HeadBytes) / LeafCodec.PositionBytes;
        var positions = ((leaves.Count - 1) * LeafCodec.Positions) + Math.Clamp(last, 1, LeafCodec.Positions);
        var hashes = new byte[leaves.Count * MerkleTree.HashBytes];
        for (var i = 0; i < leaves.Count; i++)
        {
            if (!LeafCodec.IsLeaf(leaves[i].Span, i, LeafCodec.PositionsIn(i, positions)))
            {
                throw new InvalidParameterException(
                    $"{nameof(leaves)}[{i}]", $"{leaves[i].Length} bytes", "the leaf of that index, unchanged");
            }

            MerkleTree.HashLeaf(scope.Binding, leaves[i].Span, hashes.AsSpan(i * MerkleTree.HashBytes));
        }

        return new Commitment(
            scope, positions, [.. leaves.Select(leaf => leaf.ToArray())], MerkleTree.Levels(hashes));
    }

    /// <summary>The bytes of one leaf, for storage.</summary>
    /// <exception cref="InvalidParameterException">There is no such leaf.</exception>
    public ReadOnlyMemory<byte> Leaf(int index) => _leaves[Checked(index)];

    /// <summary>One leaf and the proof that it belongs under <see cref="Root"/>.</summary>
    /// <exception cref="InvalidParameterException">There is no such leaf.</exception>
    public LeafOpening Open(int index)
    {
        var path = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(_levels.Length);
        var node = Checked(index);
        foreach (var level in _levels)
        {
            var sibling = node ^ 1;
            if (sibling < level.Length / MerkleTree.HashBytes)
            {
                path.Add(level.AsMemory(sibling * MerkleTree.HashBytes, MerkleTree.HashBytes));
            }

            node /= 2;
        }

        return new LeafOpening(index, _leaves[index], path.DrainToImmutable());
    }

    private int Checked(int index) => (uint)index < (uint)_leaves.Length
        ? index
        : throw new InvalidParameterException(nameof(index), index, $"from 0 to {_leaves.Length - 1}");
}
