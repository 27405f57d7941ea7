using System.Numerics;
using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// What is recorded of the logits at one position. Reused from position to position: no allocation per token, one
/// caller at a time.
/// </summary>
internal sealed class LogitEvidence(int vocabularySize)
{
    public const int TopCount = 5;

    private readonly float[] _work = new float[vocabularySize];
    private readonly float[] _topLogits = new float[TopCount];

    public int Token { get; private set; }

    /// <summary>Of the token under the model's own distribution: no temperature, cut, penalty or bias.</summary>
    public float LogProbability { get; private set; }

    /// <summary>The likeliest tokens, likeliest first, the lower id first among equals; -1 where there are fewer.</summary>
    public int[] TopTokens { get; } = new int[TopCount];

    public float[] TopLogProbabilities { get; } = new float[TopCount];

    public float[] Projection { get; } = new float[LogitProjection.Count];

    /// <summary>Measures the position at which a token was chosen from these logits.</summary>
    public void Measure(ReadOnlySpan<float> logits, int token, LogitProjection projection)
    {
        var peak = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, peak, _work);
        TensorPrimitives.Exp<float>(_work, _work);
        var logTotal = peak + MathF.Log(TensorPrimitives.Sum<float>(_work));

        Token = token;
        LogProbability = logits[token] - logTotal;
        FindTop(logits);
        for (var i = 0; i < TopCount; i++)
        {
            TopLogProbabilities[i] = TopTokens[i] < 0 ? float.NaN : _topLogits[i] - logTotal;
        }

        projection.Project(logits, TensorPrimitives.Sum(logits) / logits.Length, Projection);
    }

    private void FindTop(ReadOnlySpan<float> logits)
    {
        Array.Fill(TopTokens, -1);
        Array.Fill(_topLogits, float.NegativeInfinity);
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // Nearly all vectors hold nothing above the fifth so far.
            if (Vector.GreaterThanAny(new Vector<float>(logits[i..]), new Vector<float>(_topLogits[^1])))
            {
                for (var j = i; j < i + Vector<float>.Count; j++)
                {
                    Insert(j, logits[j]);
                }
            }
        }

        for (; i < logits.Length; i++)
        {
            Insert(i, logits[i]);
        }
    }

    private void Insert(int token, float logit)
    {
        if (!(logit > _topLogits[^1]))
        {
            return;
        }

        var place = TopCount - 1;
        for (; place > 0 && logit > _topLogits[place - 1]; place--)
        {
            _topLogits[place] = _topLogits[place - 1];
            TopTokens[place] = TopTokens[place - 1];
        }

        _topLogits[place] = logit;
        TopTokens[place] = token;
    }
}
