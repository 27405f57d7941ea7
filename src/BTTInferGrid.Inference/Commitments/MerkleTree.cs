using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BTTInferGrid.Inference;

/// <summary>
/// The hashes over a commitment's leaves. Leaf, node and root begin with different bytes, so none can pass for another;
/// an odd node moves up as it is.
/// </summary>
internal static class MerkleTree
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const byte RootPrefix = 2;

    /// <summary>Hash of a leaf: SHA-256(0, binding, leaf).</summary>
    public static void HashLeaf(ReadOnlySpan<byte> binding, ReadOnlySpan<byte> leaf, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1 + HashBytes + LeafCodec.Bytes(LeafCodec.Positions)];
        bytes[0] = LeafPrefix;
        binding.CopyTo(bytes[1..]);
        leaf.CopyTo(bytes[(1 + HashBytes)..]);
        SHA256.HashData(bytes[..(1 + HashBytes + leaf.Length)], hash);
    }

    /// <summary>Hash of two nodes: SHA-256(1, left, right). The result may overwrite either.</summary>
    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * HashBytes)];
        bytes[0] = NodePrefix;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + HashBytes)..]);
        SHA256.HashData(bytes, hash);
    }

    /// <summary>The root: SHA-256(2, binding, positions, leaves, top node), so that both counts are bound.</summary>
    public static byte[] HashRoot(ReadOnlySpan<byte> binding, int positions, ReadOnlySpan<byte> top)
    {
        Span<byte> bytes = stackalloc byte[1 + HashBytes + 8 + HashBytes];
        bytes[0] = RootPrefix;
        binding.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(1 + HashBytes)..], positions);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(1 + HashBytes + 4)..], LeafCodec.LeafCount(positions));
        top.CopyTo(bytes[(1 + HashBytes + 8)..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>All levels from the leaves' hashes to the top node.</summary>
    public static byte[][] Levels(byte[] leafHashes)
    {
        var levels = new List<byte[]> { leafHashes };
        while (levels[^1].Length > HashBytes)
        {
            var below = levels[^1];
            var count = below.Length / HashBytes;
            var level = new byte[(count + 1) / 2 * HashBytes];
            for (var i = 0; i < count / 2; i++)
            {
                HashNode(Node(below, 2 * i), Node(below, (2 * i) + 1), level.AsSpan(i * HashBytes));
            }

            if (count % 2 == 1)
            {
                Node(below, count - 1).CopyTo(level.AsSpan(level.Length - HashBytes));
            }

            levels.Add(level);
        }

        return [.. levels];
    }

    public static ReadOnlySpan<byte> Node(byte[] level, int index) => level.AsSpan(index * HashBytes, HashBytes);
}
