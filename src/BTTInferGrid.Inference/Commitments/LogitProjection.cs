using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace BTTInferGrid.Inference;

/// <summary>
/// Eight random signed sums of a vocabulary's logits: few numbers that move whenever any logit moves, and that nobody
/// can compute without computing the logits.
/// </summary>
/// <remarks>
/// Number k is the sum over tokens t of sign(t, k) x (logit(t) - mean), divided by the square root of the vocabulary's
/// size. Bit k of byte t mod 32 of SHA-256(key, t / 32 as u32 little endian) is the sign: 0 plus, 1 minus. One byte a
/// token is kept, so a projection of 150,000 tokens takes 150 KB. Immutable, thread safe.
/// </remarks>
internal sealed class LogitProjection
{
    public const int Count = 8;

    private static readonly uint[] SignMasks = BuildSignMasks();

    private readonly byte[] _signs;
    private readonly byte[] _key;
    private readonly float _scale;

    public LogitProjection(ReadOnlySpan<byte> key, int vocabularySize)
    {
        _key = key.ToArray();
        _scale = 1 / MathF.Sqrt(vocabularySize);
        _signs = new byte[(vocabularySize + SHA256.HashSizeInBytes - 1) / SHA256.HashSizeInBytes * SHA256.HashSizeInBytes];
        var block = new byte[key.Length + sizeof(uint)];
        key.CopyTo(block);
        for (var i = 0; i < _signs.Length / SHA256.HashSizeInBytes; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(key.Length), (uint)i);
            SHA256.HashData(block, _signs.AsSpan(i * SHA256.HashSizeInBytes));
        }
    }

    public bool HasKey(ReadOnlySpan<byte> key) => key.SequenceEqual(_key);

    /// <summary>Projects logits whose mean is given. A logit that is not finite makes the result not a number.</summary>
    public void Project(ReadOnlySpan<float> logits, float mean, Span<float> result)
    {
        // Eight lanes hold the eight sums; four of each, because an addition takes several cycles.
        ref var masks = ref MemoryMarshal.GetArrayDataReference(SignMasks);
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var signs = _signs.AsSpan(0, logits.Length);
        var i = 0;
        for (; i <= logits.Length - 4; i += 4)
        {
            a += Signed(logits[i] - mean, signs[i], ref masks);
            b += Signed(logits[i + 1] - mean, signs[i + 1], ref masks);
            c += Signed(logits[i + 2] - mean, signs[i + 2], ref masks);
            d += Signed(logits[i + 3] - mean, signs[i + 3], ref masks);
        }

        for (; i < logits.Length; i++)
        {
            a += Signed(logits[i] - mean, signs[i], ref masks);
        }

        ((a + b + (c + d)) * _scale).CopyTo(result);
    }

    private static Vector256<float> Signed(float value, byte signs, ref uint masks) =>
        (Vector256.Create(value).AsUInt32() ^ Vector256.LoadUnsafe(ref masks, (nuint)signs * Count)).AsSingle();

    private static uint[] BuildSignMasks()
    {
        var masks = new uint[256 * Count];
        for (var i = 0; i < masks.Length; i++)
        {
            masks[i] = (uint)((i / Count >> (i % Count)) & 1) << 31;
        }

        return masks;
    }
}
