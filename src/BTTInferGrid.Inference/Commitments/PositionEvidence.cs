using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>What a leaf records, or a replay measures, at one output position.</summary>
/// <param name="Token">The token of the output.</param>
/// <param name="LogProbability">
/// Its log-probability in nat under the model's own distribution: no temperature, cut, penalty or bias. Not a number
/// when the logits are broken.
/// </param>
/// <param name="Top">The five likeliest tokens, likeliest first; fewer in a smaller vocabulary.</param>
/// <param name="Projection">Eight random signed sums of the centred logits.</param>
public sealed record PositionEvidence(
    int Token,
    float LogProbability,
    ImmutableArray<TokenLogProbability> Top,
    ImmutableArray<float> Projection)
{
    internal static PositionEvidence From(LogitEvidence evidence)
    {
        var top = ImmutableArray.CreateBuilder<TokenLogProbability>(LogitEvidence.TopCount);
        for (var i = 0; i < LogitEvidence.TopCount && evidence.TopTokens[i] >= 0; i++)
        {
            top.Add(new TokenLogProbability(evidence.TopTokens[i], evidence.TopLogProbabilities[i]));
        }

        return new PositionEvidence(
            evidence.Token, evidence.LogProbability, top.DrainToImmutable(), [.. evidence.Projection]);
    }
}
