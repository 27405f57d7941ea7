using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BTTInferGrid.Compute;

/// <summary>
/// Names the beginnings of a prompt, so that a job can go where its beginning has been computed already, without anybody
/// keeping the prompt. A name tells nothing about the tokens and is of use within one tenant only.
/// </summary>
public static class PromptPrefixes
{
    /// <summary>A prompt has a name for each multiple of this many tokens, up to <see cref="MaxBlocks"/> of them.</summary>
    public const int BlockTokens = 32;

    /// <summary>The most names of a prompt; what begins alike for longer than this is taken to be alike.</summary>
    public const int MaxBlocks = 64;

    /// <summary>The names, the shortest beginning first. Each is a hash chained over the blocks before it.</summary>
    /// <param name="tenant">Whose prompt it is.</param>
    /// <param name="prompt">Token ids.</param>
    public static ImmutableArray<ulong> Of(string tenant, ReadOnlySpan<int> prompt)
    {
        var blocks = Math.Min(prompt.Length / BlockTokens, MaxBlocks);
        if (blocks == 0)
        {
            return [];
        }

        var names = ImmutableArray.CreateBuilder<ulong>(blocks);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes + (BlockTokens * sizeof(int))];
        SHA256.HashData(Encoding.UTF8.GetBytes(tenant), digest);
        for (var i = 0; i < blocks; i++)
        {
            digest.CopyTo(block);
            MemoryMarshal.AsBytes(prompt.Slice(i * BlockTokens, BlockTokens)).CopyTo(block[digest.Length..]);
            SHA256.HashData(block, digest);
            names.Add(BinaryPrimitives.ReadUInt64LittleEndian(digest));
        }

        return names.MoveToImmutable();
    }
}
