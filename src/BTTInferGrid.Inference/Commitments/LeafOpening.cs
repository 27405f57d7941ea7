using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>One opened leaf. Whoever receives it checks it with <see cref="MerkleProof.Verify"/> before reading it.</summary>
/// <param name="Index">The leaf's index; it covers the output positions from 16 times that on.</param>
/// <param name="Leaf">The leaf's bytes.</param>
/// <param name="Path">Hashes of the siblings, from the leaf up; a node without sibling contributes none.</param>
public sealed record LeafOpening(
    int Index, ReadOnlyMemory<byte> Leaf, ImmutableArray<ReadOnlyMemory<byte>> Path);
