namespace BTTInferGrid.Inference;

/// <summary>What a replay finds at one output position.</summary>
/// <param name="Evidence">What an honest miner would have recorded, up to numeric noise, and not rounded.</param>
/// <param name="Winner">The token that the seeded sampler chooses from the replay's logits.</param>
/// <param name="Margin">
/// By how much the miner's logits must have differed for the output's token to be chosen: how far it is below the
/// winner, noise included, or below the cut that rules it out, whichever is more, in logits. 0 for the winner; infinite
/// for a token that cannot be chosen.
/// </param>
/// <param name="Lead">
/// How far the winner is above the next token, noise included, in logits; infinite when no other is allowed. Where it is
/// small, honest logits may choose either.
/// </param>
public readonly record struct ReplayedPosition(PositionEvidence Evidence, int Winner, float Margin, float Lead);
