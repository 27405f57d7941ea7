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

    private const int Block = 128;

    private readonly LogitCut _cut;
    private readonly int[] _tokens;
    private readonly double[] _noise = new double[Block];

    /// <summary>A sampler for one vocabulary.</summary>
    /// <param name="vocabularySize">Number of tokens, at least 1.</param>
    public Sampler(int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        _cut = new LogitCut(vocabularySize);
        _tokens = new int[vocabularySize];
    }

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">One logit per token of the vocabulary; negative infinity forbids a token.</param>
    /// <param name="parameters">Valid parameters, see <see cref="SamplingParameters.Validate"/>.</param>
    /// <param name="position">Position of the chosen token in its sequence, prompt included, from 0.</param>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidLogitsException">The logits hold NaN or positive infinity, or forbid every token.</exception>
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

    private int Pick(ReadOnlySpan<float> logits, int likeliest, float cut, SamplingParameters parameters, int position)
    {
        var stream = GumbelNoise.Stream(parameters.Seed, position);
        double temperature = parameters.Temperature;
        GumbelNoise.Fill(stream, [likeliest], _noise.AsSpan(0, 1));
        var best = likeliest;
        var bestScore = logits[likeliest] + (temperature * _noise[0]);

        // A token so far below cannot win with any noise.
        var reachable = (float)(bestScore - (temperature * GumbelNoise.Max));
        var count = Gather(logits, Math.Max(cut, MathF.BitDecrement(reachable)));
        for (var start = 0; start < count; start += Block)
        {
            var tokens = _tokens.AsSpan(start, Math.Min(Block, count - start));
            GumbelNoise.Fill(stream, tokens, _noise);
            for (var i = 0; i < tokens.Length; i++)
            {
                var score = logits[tokens[i]] + (temperature * _noise[i]);
                if (score > bestScore)
                {
                    (best, bestScore) = (tokens[i], score);
                }
            }
        }

        return best;
    }

    /// <summary>Lists the tokens with a logit of at least <paramref name="least"/>, skipping whole vectors without one.</summary>
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
                    _tokens[count++] = j;
                }
            }
        }

        for (; i < logits.Length; i++)
        {
            if (logits[i] >= least)
            {
                _tokens[count++] = i;
            }
        }

        return count;
    }
}
