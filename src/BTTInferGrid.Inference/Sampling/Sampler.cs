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
    public int Sample(ReadOnlySpan<float> logits, SamplingParameters parameters, int position)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, _tokens.Length, nameof(logits));
        var likeliest = TensorPrimitives.IndexOfMax(logits);
        var peak = logits[likeliest];
        if (!float.IsFinite(peak))
        {
            throw new InvalidLogitsException(position, peak);
        }

        return parameters.Temperature == 0
            ? likeliest
            : Pick(logits, likeliest, _cut.Find(logits, peak, parameters), parameters, position);
    }

    /// <summary>How the token of an answer compares with the one that is chosen here.</summary>
    /// <param name="logits">As for <see cref="Sample"/>.</param>
    /// <param name="parameters">As for <see cref="Sample"/>.</param>
    /// <param name="position">As for <see cref="Sample"/>.</param>
    /// <param name="token">The token to judge.</param>
    /// <exception cref="InvalidLogitsException">As for <see cref="Sample"/>.</exception>
    internal TokenStanding Judge(ReadOnlySpan<float> logits, SamplingParameters parameters, int position, int token)
    {
        var winner = Sample(logits, parameters, position);
        var greedy = parameters.Temperature == 0;
        var cut = greedy ? float.NegativeInfinity : _cut.Find(logits, TensorPrimitives.Max(logits), parameters);
        var stream = GumbelNoise.Stream(parameters.Seed, position);
        var best = Score(logits, parameters, stream, winner);

        logits.CopyTo(_others);
        _others[winner] = float.NegativeInfinity;
        var second = TensorPrimitives.IndexOfMax(_others);
        var lead = double.PositiveInfinity;
        if (_others[second] >= cut && float.IsFinite(_others[second]))
        {
            second = greedy ? second : Pick(_others, second, cut, parameters, position);
            lead = best - Score(logits, parameters, stream, second);
        }

        var margin = token == winner ? 0 : Math.Max(0, best - Score(logits, parameters, stream, token));
        if (logits[token] < cut)
        {
            margin = Math.Max(margin, cut - logits[token]);
        }

        return new TokenStanding(winner, (float)margin, (float)lead);
    }

    private static double Score(ReadOnlySpan<float> logits, SamplingParameters parameters, ulong stream, int token) =>
        parameters.Temperature == 0
            ? logits[token]
            : logits[token] + (parameters.Temperature * GumbelNoise.At(stream, token));

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
