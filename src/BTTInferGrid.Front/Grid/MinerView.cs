using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Grid;

/// <summary>A miner as <c>/v1/grid/miners</c> shows it.</summary>
internal sealed record MinerView(
    string Id, string Model, MinerState State, string Reason, DateTimeOffset Since, int ContextTokens, int Slots, string Backend,
    MinerAsk Ask, MinerSpeed Speed, int Running, int Waiting, MinerStats Jobs)
{
    public static MinerView Of(MinerStanding miner) => new(
        miner.Offer.MinerId, miner.Offer.Model, miner.State, miner.Reason, miner.Since, miner.Offer.ContextTokens, miner.Offer.Slots,
        miner.Offer.Backend, miner.Offer.Ask, miner.Speed, miner.Status.Running, miner.Status.Waiting, miner.Stats);
}
