using System.Collections.ObjectModel;

namespace BTTInferGrid.Inference;

/// <summary>How a token is chosen from the model's logits.</summary>
/// <remarks>
/// The penalties come first, then the biases; what they leave are the logits the rest speaks of. The cuts act on the
/// distribution at <see cref="Temperature"/> in the order top-k, top-p, min-p, each on what the one before left. At
/// temperature 0 the most likely token is taken, and temperature, cuts and seed do not matter.
/// </remarks>
public sealed record SamplingParameters
{
    /// <summary>The highest temperature accepted.</summary>
    public const float MaxTemperature = 2;

    /// <summary>The most tokens that may have a bias.</summary>
    public const int MaxBiases = 1024;

    /// <summary>The largest bias, upwards or downwards.</summary>
    public const float MaxBias = 100;

    /// <summary>Always the most likely token.</summary>
    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits: 0 to 2; 0 is greedy, 1 (the default) is the model's own distribution.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>
    /// Keep this many most likely tokens, and those equal to the last of them; 0 (the default) keeps all.
    /// </summary>
    public int TopK { get; init; }

    /// <summary>
    /// Keep the most likely tokens that together reach this probability: above 0, up to 1 (the default, all).
    /// </summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keep tokens at least this likely relative to the likeliest: 0 (the default, all) to 1.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Makes tokens that occurred in the prompt or the output less likely: divides their logit if it is positive and
    /// multiplies it if not; 0.1 to 10, 1 (the default) changes nothing and less than 1 favours them.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// Subtracted from the logit of a token for each time it occurred in the output: -2 to 2, 0 (the default) is off.
    /// </summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>
    /// Subtracted from the logit of a token that occurred in the output: -2 to 2, 0 (the default) is off.
    /// </summary>
    public float PresencePenalty { get; init; }

    /// <summary>
    /// Added to the logits of tokens: at most <see cref="MaxBiases"/>, each from -<see cref="MaxBias"/>, which all but
    /// forbids a token, to <see cref="MaxBias"/>, which all but forces it. Empty by default.
    /// </summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = ReadOnlyDictionary<int, float>.Empty;

    /// <summary>Selects the noise. The same seed, logits and positions give the same tokens.</summary>
    public ulong Seed { get; init; }

    internal bool HasPenalties => RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0;

    /// <summary>
    /// Checks every field. Whether the tokens of <see cref="LogitBias"/> exist is checked with the vocabulary.
    /// </summary>
    /// <exception cref="InvalidParameterException">A field is outside its range, or not a number.</exception>
    public void Validate()
    {
        Require(Temperature is >= 0 and <= MaxTemperature, nameof(Temperature), Temperature, "from 0 to 2");
        Require(TopK >= 0, nameof(TopK), TopK, "0 (off) or more");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "above 0 and at most 1");
        Require(MinP is >= 0 and <= 1, nameof(MinP), MinP, "from 0 to 1");
        Require(
            RepetitionPenalty is >= 0.1f and <= 10, nameof(RepetitionPenalty), RepetitionPenalty, "from 0.1 to 10");
        Require(FrequencyPenalty is >= -2 and <= 2, nameof(FrequencyPenalty), FrequencyPenalty, "from -2 to 2");
        Require(PresencePenalty is >= -2 and <= 2, nameof(PresencePenalty), PresencePenalty, "from -2 to 2");
        Require(LogitBias is not null, nameof(LogitBias), null, "given");
        Require(
            LogitBias!.Count <= MaxBiases, nameof(LogitBias), $"{LogitBias.Count} tokens", $"at most {MaxBiases}");
        foreach (var (token, bias) in LogitBias)
        {
            Require(
                bias is >= -MaxBias and <= MaxBias, $"{nameof(LogitBias)}[{token}]", bias, "from -100 to 100");
        }
    }

    private static void Require(bool holds, string field, object? value, string rule)
    {
        if (!holds)
        {
            throw new InvalidParameterException(field, value, rule);
        }
    }
}
