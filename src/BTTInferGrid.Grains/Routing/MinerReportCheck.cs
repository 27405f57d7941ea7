using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>Checks that a report is one that a silo may send to a model's grain.</summary>
internal static class MinerReportCheck
{
    /// <exception cref="RequestRefusedException">It is not.</exception>
    public static void Check(MinerReport report, string model)
    {
        Require(report.Source is { Length: > 0 and <= MinerReport.MaxSourceLength }, "source",
            $"it must have between 1 and {MinerReport.MaxSourceLength} characters.");
        Require(report.Sequence > 0, "sequence", $"it is {report.Sequence}; it must be 1 or more.");
        Require(!report.Miners.IsDefault, "miners", "they are missing.");
        foreach (var standing in report.Miners)
        {
            Require(standing?.Offer is not null, "miners", "one of them has no offer.");
            Require(!string.IsNullOrEmpty(standing!.Offer.MinerId), "miner", "its id is missing.");
            Require(standing.Offer.Profile is not null, "profile", $"that of miner '{standing.Offer.MinerId}' is missing.");
            Require(standing.Offer.Model == model, "model", $"the offer is for '{standing.Offer.Model}', not for '{model}'.");
            Require(Enum.IsDefined(standing.State), "state", $"{(int)standing.State} is not the state of a miner.");
        }
    }

    private static void Require(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new RequestRefusedException(field, reason);
        }
    }
}
