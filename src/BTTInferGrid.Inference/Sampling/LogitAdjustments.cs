using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference;

/// <summary>
/// The penalties and biases of one request, applied to the model's logits before anything else, and the tokens they
/// depend on. A replay builds one from the same prompt and observes the same output.
/// </summary>
internal sealed class LogitAdjustments
{
    private readonly SamplingParameters _parameters;
    private readonly KeyValuePair<int, float>[] _bias;

    // How often a token occurred in the output; tokens of the prompt alone are there with 0.
    private readonly Dictionary<int, int> _occurred = [];

    private LogitAdjustments(SamplingParameters parameters, ReadOnlySpan<int> prompt)
    {
        _parameters = parameters;
        _bias = [.. parameters.LogitBias];
        if (parameters.RepetitionPenalty != 1)
        {
            foreach (var token in prompt)
            {
                _occurred.TryAdd(token, 0);
            }
        }
    }

    /// <summary>The adjustments that valid parameters ask for; null when they leave the logits as they are.</summary>
    public static LogitAdjustments? For(SamplingParameters parameters, ReadOnlySpan<int> prompt) =>
        parameters.HasPenalties || parameters.LogitBias.Count > 0 ? new LogitAdjustments(parameters, prompt) : null;

    /// <summary>Takes note of the next token of the output.</summary>
    public void Observe(int token)
    {
        if (_parameters.HasPenalties)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_occurred, token, out _)++;
        }
    }

    /// <summary>Adjusts one logit per token of the vocabulary, in place.</summary>
    public void Apply(Span<float> logits)
    {
        var repetition = _parameters.RepetitionPenalty;
        foreach (var (token, times) in _occurred)
        {
            ref var logit = ref logits[token];
            logit = logit > 0 ? logit / repetition : logit * repetition;
            if (times > 0)
            {
                logit -= (times * _parameters.FrequencyPenalty) + _parameters.PresencePenalty;
            }
        }

        foreach (var (token, bias) in _bias)
        {
            logits[token] += bias;
        }
    }
}
