namespace BTTInferGrid.Inference;

/// <summary>
/// The one place where logits become a token of an answer: the model's logits, then the request's adjustments, then the
/// sampler. Owns its working memory; belongs to the decode thread.
/// </summary>
internal sealed class TokenChooser(int vocabularySize)
{
    private readonly Sampler _sampler = new(vocabularySize);
    private readonly LogProbabilityReader _probabilities = new(vocabularySize);
    private readonly LogitEvidence _evidence = new(vocabularySize);
    private readonly float[] _adjusted = new float[vocabularySize];

    /// <summary>Chooses the next token of a request.</summary>
    /// <param name="logits">The model's own logits, which are not changed.</param>
    /// <param name="generation">The request, whose next token this is.</param>
    /// <exception cref="InvalidLogitsException">No token can be chosen.</exception>
    /// <exception cref="RequestFailedException">The request's grammar cannot be followed.</exception>
    public TokenChoice Choose(ReadOnlySpan<float> logits, Generation generation)
    {
        var request = generation.Request;
        var position = generation.Tokens.Length;
        var token = _sampler.Sample(
            Adjusted(logits, generation), request.Sampling, position, generation.Grammar);
        generation.Adjustments?.Observe(token);
        generation.Grammar?.Accept(token);
        if (generation.Commitment is { } commitment)
        {
            _evidence.Measure(logits, token, commitment.Scope);
            commitment.Append(_evidence);
        }

        return new TokenChoice(
            token, request.LogProbabilities is { } top ? _probabilities.Read(logits, token, top) : null);
    }

    private ReadOnlySpan<float> Adjusted(ReadOnlySpan<float> logits, Generation generation)
    {
        if (generation.Adjustments is null)
        {
            return logits;
        }

        logits.CopyTo(_adjusted);
        generation.Adjustments.Apply(_adjusted);
        return _adjusted;
    }
}

/// <summary>A chosen token, with its log-probabilities when the request asked for them.</summary>
internal readonly record struct TokenChoice(int Token, TokenLogProbabilities? LogProbabilities);
