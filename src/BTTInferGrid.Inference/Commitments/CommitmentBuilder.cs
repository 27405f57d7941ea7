using System.Security.Cryptography;

namespace BTTInferGrid.Inference;

/// <summary>
/// Collects an answer's positions into leaves while it is generated. Allocates one array for each leaf of 16 positions
/// and nothing else per token; a full leaf is hashed at once, so that the end of an answer costs little.
/// </summary>
/// <remarks>For one answer, one caller at a time.</remarks>
internal sealed class CommitmentBuilder(CommitmentScope scope)
{
    private readonly List<byte[]> _leaves = [];
    private readonly List<byte[]> _hashes = [];
    private int _inLeaf = LeafCodec.Positions;

    public CommitmentScope Scope => scope;

    /// <summary>Takes the next output position.</summary>
    public void Append(LogitEvidence evidence)
    {
        if (_inLeaf == LeafCodec.Positions)
        {
            _leaves.Add(new byte[LeafCodec.Bytes(LeafCodec.Positions)]);
            _inLeaf = 0;
        }

        LeafCodec.WritePosition(_leaves[^1], _inLeaf++, evidence);
        if (_inLeaf == LeafCodec.Positions)
        {
            Close();
        }
    }

    /// <summary>The commitment to all positions taken. The builder is used up.</summary>
    /// <exception cref="InvalidOperationException">No position was taken.</exception>
    public Commitment Build()
    {
        if (_leaves.Count == 0)
        {
            throw new InvalidOperationException("A commitment needs at least one position.");
        }

        var positions = ((_leaves.Count - 1) * LeafCodec.Positions) + _inLeaf;
        if (_inLeaf < LeafCodec.Positions)
        {
            _leaves[^1] = _leaves[^1][..LeafCodec.Bytes(_inLeaf)];
            Close();
        }

        var hashes = new byte[_hashes.Count * SHA256.HashSizeInBytes];
        for (var i = 0; i < _hashes.Count; i++)
        {
            _hashes[i].CopyTo(hashes, i * SHA256.HashSizeInBytes);
        }

        return new Commitment(scope, positions, [.. _leaves], MerkleTree.Levels(hashes));
    }

    private void Close()
    {
        LeafCodec.WriteHead(_leaves[^1], _leaves.Count - 1, _inLeaf);
        var hash = new byte[SHA256.HashSizeInBytes];
        MerkleTree.HashLeaf(scope.Binding, _leaves[^1], hash);
        _hashes.Add(hash);
    }
}
