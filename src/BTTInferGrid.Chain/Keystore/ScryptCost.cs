using System.Numerics;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>
/// What a guess of a password costs (RFC 7914): <c>128 · N · BlockSize</c> bytes of memory and
/// <c>N · BlockSize · Parallelization</c> steps. A keystore that asks for more than 256 MiB, or twice the steps of
/// <see cref="Standard"/>, is refused, so that nobody's file stops the machine.
/// </summary>
/// <param name="N">A power of 2, from 2.</param>
/// <param name="BlockSize">r, from 1 to 64.</param>
/// <param name="Parallelization">p, from 1 to 64.</param>
public sealed record ScryptCost(int N, int BlockSize, int Parallelization)
{
    private const long MaxMemory = 256L << 20;
    private const long MaxSteps = 1L << 22;
    private const int MaxFactor = 64;

    /// <summary>That of other clients for keys of people: 256 MiB, about a second.</summary>
    public static ScryptCost Standard { get; } = new(1 << 18, 8, 1);

    /// <summary>For keys whose password is as good as a key: 4 MiB, some milliseconds.</summary>
    public static ScryptCost Light { get; } = new(1 << 12, 8, 6);

    /// <exception cref="KeystoreException">A number is out of range, or the cost is.</exception>
    internal void Check()
    {
        // Each factor is bounded first: their products then fit.
        var isRight = N >= 2 && BitOperations.IsPow2(N) && BlockSize is >= 1 and <= MaxFactor
            && Parallelization is >= 1 and <= MaxFactor
            && 128L * N * BlockSize <= MaxMemory && (long)N * BlockSize * Parallelization <= MaxSteps;
        if (!isRight)
        {
            throw new KeystoreException(
                $"The keystore asks for scrypt with n={N}, r={BlockSize}, p={Parallelization}. n is a power of 2, "
                + $"r and p are at most {MaxFactor}, 128 n r is at most 256 MiB, and n r p at most 2^22. "
                + "Write it again with lower ones, with the program that made it.");
        }
    }
}
