using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Miners;

/// <summary>Validates an offer before the grid uses it.</summary>
internal static class MinerOfferValidator
{
    private const int MaxSlots = 4096;
    private const int MaxBackendLength = 64;
    private const long MaxAsk = 1_000_000_000_000;

    /// <exception cref="RequestRefusedException">The offer is malformed, for another miner, or for what this grid does not serve.</exception>
    public static void Validate(MinerOffer offer, string minerId, ModelCatalogue catalogue)
    {
        if (offer is null || offer.MinerId != minerId)
        {
            throw new RequestRefusedException("miner", $"the offer is not that of '{minerId}'.");
        }

        if (offer.Model is null || catalogue.Find(offer.Model) is not { } served)
        {
            throw new RequestRefusedException("model", "this grid does not serve that model.");
        }

        if (offer.Profile != served.Profile)
        {
            throw new RequestRefusedException(
                "profile", $"this grid serves '{served.Model.Id}' as {served.Profile}; the miner runs another file. Fetch the one that is listed.");
        }

        Require(offer.ContextTokens >= 1, "context_tokens", "it must be at least 1.");
        Require(offer.Slots is >= 1 and <= MaxSlots, "slots", $"it must be between 1 and {MaxSlots}.");
        Require(offer.Backend is { Length: <= MaxBackendLength } && offer.Backend.All(char.IsAsciiLetterOrDigit), "backend", $"it must have at most {MaxBackendLength} letters and digits.");
        Require(offer.Ask.Prompt is >= 0 and <= MaxAsk && offer.Ask.Output is >= 0 and <= MaxAsk, "ask", $"a price must be between 0 and {MaxAsk}.");
    }

    private static void Require(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw new RequestRefusedException(field, problem);
        }
    }
}
