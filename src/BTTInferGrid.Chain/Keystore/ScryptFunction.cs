using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>
/// The key derivation of RFC 7914. Its bound on n for r = 1 is not kept, because keystores that others write do not
/// keep it.
/// </summary>
internal static class ScryptFunction
{
    private const int SalsaWords = 16;

    /// <summary>A key, which the caller zeroes.</summary>
    public static byte[] Derive(byte[] password, byte[] salt, ScryptCost cost, int keyBytes)
    {
        var blockWords = 2 * SalsaWords * cost.BlockSize;
        var bytes = Rfc2898DeriveBytes.Pbkdf2(
            password, salt, 1, HashAlgorithmName.SHA256, sizeof(uint) * blockWords * cost.Parallelization);
        var words = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        SwapOnBigEndian(words);
        var table = GC.AllocateUninitializedArray<uint>(cost.N * blockWords);
        for (var lane = 0; lane < cost.Parallelization; lane++)
        {
            Mix(words.Slice(lane * blockWords, blockWords), table, cost.N);
        }

        SwapOnBigEndian(words);
        var key = Rfc2898DeriveBytes.Pbkdf2(password, bytes, 1, HashAlgorithmName.SHA256, keyBytes);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>
    /// scryptROMix: the table is written in order, and read in an order that depends on what is in it.
    /// </summary>
    private static void Mix(Span<uint> block, Span<uint> table, int n)
    {
        var scratch = new uint[block.Length];
        for (var i = 0; i < n; i++)
        {
            block.CopyTo(table[(i * block.Length)..]);
            MixBlock(block, scratch);
        }

        for (var i = 0; i < n; i++)
        {
            // n is a power of 2, so that the low bits of the last 64 bytes are its remainder.
            var row = (int)(block[^SalsaWords] & (uint)(n - 1));
            Xor(block, table.Slice(row * block.Length, block.Length));
            MixBlock(block, scratch);
        }
    }

    /// <summary>scryptBlockMix: blocks of 64 bytes in a chain, the even ones before the odd ones.</summary>
    private static void MixBlock(Span<uint> block, Span<uint> scratch)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        block[^SalsaWords..].CopyTo(x);
        var half = block.Length / 2;
        for (var i = 0; i < block.Length / SalsaWords; i++)
        {
            Xor(x, block.Slice(i * SalsaWords, SalsaWords));
            Salsa(x);
            x.CopyTo(scratch[((i % 2 * half) + (i / 2 * SalsaWords))..]);
        }

        scratch.CopyTo(block);
    }

    /// <summary>Salsa20/8: four times over the columns of a square of 16 words, and over its rows.</summary>
    private static void Salsa(Span<uint> x)
    {
        Span<uint> y = stackalloc uint[SalsaWords];
        x.CopyTo(y);
        for (var round = 0; round < 4; round++)
        {
            Quarter(ref y[0], ref y[4], ref y[8], ref y[12]);
            Quarter(ref y[5], ref y[9], ref y[13], ref y[1]);
            Quarter(ref y[10], ref y[14], ref y[2], ref y[6]);
            Quarter(ref y[15], ref y[3], ref y[7], ref y[11]);
            Quarter(ref y[0], ref y[1], ref y[2], ref y[3]);
            Quarter(ref y[5], ref y[6], ref y[7], ref y[4]);
            Quarter(ref y[10], ref y[11], ref y[8], ref y[9]);
            Quarter(ref y[15], ref y[12], ref y[13], ref y[14]);
        }

        for (var i = 0; i < SalsaWords; i++)
        {
            x[i] += y[i];
        }
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }

    private static void Xor(Span<uint> x, ReadOnlySpan<uint> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] ^= y[i];
        }
    }

    private static void SwapOnBigEndian(Span<uint> words)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
