using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Grid;

/// <summary>A model as <c>/v1/grid/models</c> shows it, with the lowest and the highest price asked by an active miner.</summary>
internal sealed record ModelView(
    string Id, string Profile, int ContextTokens, int ActiveMiners, MinerAsk? LowestAsk, MinerAsk? HighestAsk)
{
    public static ModelView Of(ServedModel model, ImmutableArray<MinerStanding> miners)
    {
        var asks = miners.Where(static miner => miner.State == MinerState.Active)
            .Select(static miner => miner.Offer.Ask)
            .OrderBy(static ask => ask.Output).ThenBy(static ask => ask.Prompt).ToList();
        return new ModelView(
            model.Model.Id, model.Profile, model.Model.ContextTokens, asks.Count,
            asks.Count == 0 ? null : asks[0], asks.Count == 0 ? null : asks[^1]);
    }
}
