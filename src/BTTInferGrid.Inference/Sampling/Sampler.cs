using System.Numerics;
using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// Chooses a token from logits with noise that depends on seed, position and token alone (Gumbel-max: the largest of
/// logit + temperature x Gumbel noise is distributed as the softmax at that temperature). Anyone with the seed can
/// repeat the choice at any position without the ones before it.
/// </summary>
/// <remarks>Owns its working memory: no allocation per token, one caller at a time.</remarks>
public sealed class Sampler
{
    /// <summary>Changes whenever the same logits, parameters and position could give another token.</summary>
    public const int Version = 1;

    private const int MaxTries = 16;

    private readonly LogitCut _cut;
    private readonly int[] _tokens;
    private readonly float[] _chances;
    private readonly float[] _others;

    /// <summary>A sampler for one vocabulary.</summary>
    /// <param name="vocabularySize">Number of tokens, at least 1.</param>
    public Sampler(int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        _cut = new LogitCut(vocabularySize);
        _tokens = new int[vocabularySize];
        _chances = new float[vocabularySize];
        _others = new float[vocabularySize];
    }

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">One logit per token of the vocabulary; negative infinity forbids a token.</param>
    /// <param name="parameters">Valid parameters, see <see cref="SamplingParameters.Validate"/>.</param>
    /// <param name="position">Position of the chosen token in its sequence, prompt included, from 0.</param>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidLogitsException">
    /// The logits hold NaN or positive infinity, or forbid every token.
    /// </exception>
    public int Sample(ReadOnlySpan<float> logits, SamplingParameters parameters, int position) =>
        Sample(logits, parameters, position, null);

    /// <summary>
    /// Chooses one token that a filter allows: of those above the cut the one with the largest logit and noise, or the
    /// likeliest where none of these is allowed. The cut is that of the distribution without the filter.
    /// </summary>
    /// <param name="logits">As for <see cref="Sample(ReadOnlySpan{float}, SamplingParameters, int)"/>.</param>
    /// <param name="parameters">As there.</param>
    /// <param name="position">As there.</param>
    /// <param name="filter">What else decides; null when nothing does.</param>
    /// <exception cref="InvalidLogitsException">As there.</exception>
    /// <exception cref="RequestFailedException">The filter allows no token.</exception>
    internal int Sample(
        ReadOnlySpan<float> logits, SamplingParameters parameters, int position, ITokenFilter? filter)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var cut = Cut(logits, parameters, position);
        var token = Choose(logits, cut, parameters, position);
        if (filter is null || filter.Allows(token))
        {
            return token;
        }

        logits.CopyTo(_others);
        token = Next(token, cut, parameters, position, filter);
        return token >= 0
            ? token
            : throw new RequestFailedException(nameof(EngineRequest.Grammar), $"No token of the vocabulary goes on as it must at position {position}.");
    }

    /// <summary>How the token of an answer compares with the one that is chosen here.</summary>
    /// <param name="logits">As for <see cref="Sample(ReadOnlySpan{float}, SamplingParameters, int)"/>.</param>
    /// <param name="parameters">As there.</param>
    /// <param name="position">As there.</param>
    /// <param name="filter">What else decides; null when nothing does.</param>
    /// <param name="token">The token to judge.</param>
    /// <exception cref="InvalidLogitsException">As there.</exception>
    /// <exception cref="RequestFailedException">The filter allows no token.</exception>
    internal TokenStanding Judge(
        ReadOnlySpan<float> logits, SamplingParameters parameters, int position, ITokenFilter? filter, int token)
    {
        var winner = Sample(logits, parameters, position, filter);
        var cut = Cut(logits, parameters, position);
        logits.CopyTo(_others);
        var second = Next(winner, cut, parameters, position, filter);

        // Below the cut the likeliest is taken, so there logits alone compare.
        var noisy = parameters.Temperature > 0 && logits[winner] >= cut;
        var stream = GumbelNoise.Stream(parameters.Seed, position);
        var temperature = noisy ? parameters.Temperature : 0;
        var best = Score(logits, temperature, stream, winner);
        var lead = second >= 0 && (!noisy || logits[second] >= cut)
            ? best - Score(logits, temperature, stream, second)
            : double.PositiveInfinity;
        var margin = 0.0;
        if (token != winner)
        {
            margin = Math.Max(0, best - Score(logits, temperature, stream, token));
            margin = noisy && logits[token] < cut ? Math.Max(margin, cut - logits[token]) : margin;
            margin = filter is null || filter.Allows(token) ? margin : double.PositiveInfinity;
        }

        return new TokenStanding(winner, (float)margin, (float)lead);
    }

    /// <summary>The lowest logit that may be chosen.</summary>
    private float Cut(ReadOnlySpan<float> logits, SamplingParameters parameters, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, _tokens.Length, nameof(logits));
        var peak = TensorPrimitives.Max(logits);
        if (!float.IsFinite(peak))
        {
            throw new InvalidLogitsException(position, peak);
        }

        return parameters.Temperature == 0 ? float.NegativeInfinity : _cut.Find(logits, peak, parameters);
    }

    private int Choose(ReadOnlySpan<float> logits, float cut, SamplingParameters parameters, int position)
    {
        var likeliest = TensorPrimitives.IndexOfMax(logits);
        return parameters.Temperature == 0 || logits[likeliest] < cut
            ? likeliest
            : Pick(logits, likeliest, cut, parameters, position);
    }

    /// <summary>
    /// The best of <see cref="_others"/> that a filter allows after one is ruled out, or -1. First tries one after the
    /// other, which is over soon where much is allowed; then asks for all that is, which is cheap where little is.
    /// </summary>
    private int Next(int ruledOut, float cut, SamplingParameters parameters, int position, ITokenFilter? filter)
    {
        for (var tries = 0; ; tries++)
        {
            _others[ruledOut] = float.NegativeInfinity;
            if (tries == MaxTries)
            {
                filter!.Restrict(_others);
            }

            var token = Choose(_others, cut, parameters, position);
            if (float.IsNegativeInfinity(_others[token]))
            {
                return -1;
            }

            if (filter is null || filter.Allows(token))
            {
                return token;
            }

            ruledOut = token;
        }
    }

    private static double Score(ReadOnlySpan<float> logits, float temperature, ulong stream, int token) =>
        temperature == 0 ? logits[token] : logits[token] + ((double)temperature * GumbelNoise.At(stream, token));

    private int Pick(ReadOnlySpan<float> logits, int likeliest, float cut, SamplingParameters parameters, int position)
    {
        var stream = GumbelNoise.Stream(parameters.Seed, position);
        double temperature = parameters.Temperature;
        var best = likeliest;
        var bestScore = logits[likeliest] + (temperature * GumbelNoise.At(stream, likeliest));

        // To win, a token needs noise above (score to beat - logit) / temperature. The chance of that is about
        // chances[i], which settles nearly all tokens without a logarithm. The slack covers rounding of the floats.
        var slack = (1e-3 * temperature) + (1e-5 * Math.Max(1, Math.Abs(bestScore)));
        var toBeat = (float)(bestScore - slack);
        var least = (float)(bestScore - slack - (temperature * GumbelNoise.Max));
        var count = Gather(logits, Math.Max(cut, least));
        var chances = _chances.AsSpan(0, count);
        TensorPrimitives.Subtract(chances, toBeat, chances);
        TensorPrimitives.Divide(chances, parameters.Temperature, chances);
        TensorPrimitives.Exp(chances, chances);
        for (var i = 0; i < count; i++)
        {
            var token = _tokens[i];
            if (GumbelNoise.Tail(stream, token) > chances[i])
            {
                continue;
            }

            var score = logits[token] + (temperature * GumbelNoise.At(stream, token));
            if (score > bestScore)
            {
                (best, bestScore) = (token, score);
            }
        }

        return best;
    }

    /// <summary>
    /// Lists tokens and logits of at least <paramref name="least"/>, skipping whole vectors without one.
    /// </summary>
    private int Gather(ReadOnlySpan<float> logits, float least)
    {
        var count = 0;
        var bound = new Vector<float>(least);
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (!Vector.GreaterThanOrEqualAny(new Vector<float>(logits[i..]), bound))
            {
                continue;
            }

            for (var j = i; j < i + Vector<float>.Count; j++)
            {
                if (logits[j] >= least)
                {
                    _chances[count] = logits[j];
                    _tokens[count++] = j;
                }
            }
        }

        for (; i < logits.Length; i++)
        {
            if (logits[i] >= least)
            {
                _chances[count] = logits[i];
                _tokens[count++] = i;
            }
        }

        return count;
    }
}
