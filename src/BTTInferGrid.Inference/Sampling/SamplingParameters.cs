namespace BTTInferGrid.Inference;

/// <summary>How a token is chosen from the model's logits.</summary>
/// <remarks>
/// The cuts act on the distribution at <see cref="Temperature"/> in the order top-k, top-p, min-p, each on what the one
/// before left. At temperature 0 the most likely token is taken and nothing else matters.
/// </remarks>
public sealed record SamplingParameters
{
    /// <summary>The highest temperature accepted.</summary>
    public const float MaxTemperature = 2;

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

    /// <summary>Selects the noise. The same seed, logits and positions give the same tokens.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidParameterException">A field is outside its range, or not a number.</exception>
    public void Validate()
    {
        Require(Temperature is >= 0 and <= MaxTemperature, nameof(Temperature), Temperature, "from 0 to 2");
        Require(TopK >= 0, nameof(TopK), TopK, "0 (off) or more");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "above 0 and at most 1");
        Require(MinP is >= 0 and <= 1, nameof(MinP), MinP, "from 0 to 1");
    }

    private static void Require(bool holds, string field, object value, string rule)
    {
        if (!holds)
        {
            throw new InvalidParameterException(field, value, rule);
        }
    }
}
