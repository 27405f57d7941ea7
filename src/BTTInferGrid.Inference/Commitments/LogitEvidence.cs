using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// What is recorded of the logits at one position. Reused from position to position: no allocation per token, one
/// caller at a time.
/// </summary>
internal sealed class LogitEvidence(int vocabularySize)
{
    public const int TopCount = 5;

    private readonly LogProbabilityReader _probabilities = new(vocabularySize);
    private readonly int _found = Math.Min(TopCount, vocabularySize);
    private LogitProjection? _projection;

    public int Token { get; private set; }

    /// <summary>Of the token under the model's own distribution: no temperature, cut, penalty or bias.</summary>
    public float LogProbability { get; private set; }

    /// <summary>The likeliest tokens, likeliest first, the lower id first among equals; -1 where there are fewer.</summary>
    public int[] TopTokens { get; } = new int[TopCount];

    public float[] TopLogProbabilities { get; } = new float[TopCount];

    public float[] Projection { get; } = new float[LogitProjection.Count];

    /// <summary>
    /// Measures with a scope's projection. The last one is kept, since a new one comes once an epoch.
    /// </summary>
    public void Measure(ReadOnlySpan<float> logits, int token, CommitmentScope scope)
    {
        if (_projection is null || !_projection.HasKey(scope.ProjectionKey))
        {
            _projection = new LogitProjection(scope.ProjectionKey, vocabularySize);
        }

        Measure(logits, token, _projection);
    }

    /// <summary>Measures the position at which a token was chosen from these logits.</summary>
    public void Measure(ReadOnlySpan<float> logits, int token, LogitProjection projection)
    {
        var normalizer = _probabilities.Normalizer(logits);
        Token = token;
        LogProbability = logits[token] - normalizer;
        Array.Fill(TopTokens, -1);
        Array.Fill(TopLogProbabilities, float.NaN);
        Inference.TopTokens.Find(logits, TopTokens.AsSpan(0, _found));
        for (var i = 0; i < _found; i++)
        {
            TopLogProbabilities[i] = logits[TopTokens[i]] - normalizer;
        }

        projection.Project(logits, TensorPrimitives.Sum(logits) / logits.Length, Projection);
    }
}
