using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// Standard Gumbel noise G(seed, position, token), a function without state: whoever knows the seed computes the noise of
/// any token at any position, in any order.
/// </summary>
/// <remarks>
/// The bits are those of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA
/// 2014, with the mixer that Stafford numbered 13): (seed, position) selects a stream, the token is the index into it.
/// They are statistically sound, not secret; the seed must come from a cryptographic hash where grinding matters.
/// </remarks>
internal static class GumbelNoise
{
    /// <summary>The largest value: -ln(-ln(1 - 2^-53)), rounded up.</summary>
    public const double Max = 36.75;

    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private const double Step = 1.0 / (1L << 52);

    /// <summary>The stream of one position of one seed.</summary>
    public static ulong Stream(ulong seed, int position) => Mix(Mix(seed + Gamma) + (((ulong)position + 1) * Gamma));

    /// <summary>The noise of each token, in <paramref name="noise"/>.</summary>
    public static void Fill(ulong stream, ReadOnlySpan<int> tokens, Span<double> noise)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            noise[i] = Uniform(stream, tokens[i]);
        }

        TensorPrimitives.Log(noise, noise);
        TensorPrimitives.Negate(noise, noise);
        TensorPrimitives.Log(noise, noise);
        TensorPrimitives.Negate(noise, noise);
    }

    /// <summary>52 bits, centred in their interval: never 0, never 1.</summary>
    public static double Uniform(ulong stream, int token) =>
        ((Mix(stream + (((ulong)token + 1) * Gamma)) >> 12) + 0.5) * Step;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
