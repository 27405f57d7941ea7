namespace BTTInferGrid.Inference;

/// <summary>
/// Standard Gumbel noise G(seed, position, token), a function without state: whoever knows the seed computes the noise
/// of any token at any position, in any order.
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
    private const double Range = 1L << 52;
    private const double Step = 1 / Range;

    /// <summary>The stream of one position of one seed.</summary>
    public static ulong Stream(ulong seed, int position) => Mix(Mix(seed + Gamma) + (((ulong)position + 1) * Gamma));

    /// <summary>The noise of a token: -ln(-ln U).</summary>
    public static double At(ulong stream, int token) => -Math.Log(-Math.Log((Bits(stream, token) + 0.5) * Step));

    /// <summary>
    /// 1 - U of a token, which is cheap and bounds its noise: 1 - U &lt;= -ln U, so noise above g needs 1 - U below
    /// exp(-g).
    /// </summary>
    public static double Tail(ulong stream, int token) => (Range - Bits(stream, token) - 0.5) * Step;

    // U = (bits + 0.5) / 2^52 lies inside its interval: never 0, never 1, and exact in a double.
    private static ulong Bits(ulong stream, int token) => Mix(stream + (((ulong)token + 1) * Gamma)) >> 12;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
