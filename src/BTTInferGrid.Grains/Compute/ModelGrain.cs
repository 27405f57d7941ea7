using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Compute;

/// <summary>
/// Holds the offers of the miners that are live now, in memory: a miner offers again when it starts, so nothing is lost
/// that a restart would not also have ended.
/// </summary>
[KeepAlive]
internal sealed partial class ModelGrain(ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    private ImmutableArray<MinerOffer> _offers = [];
    private int _turn;

    public Task Offer(MinerOffer offer)
    {
        var model = this.GetPrimaryKeyString();
        if (offer.Model != model)
        {
            throw new RequestRefusedException("model", $"the offer is for '{offer.Model}', not for '{model}'.");
        }

        Remove(offer.MinerId);
        _offers = _offers.Add(offer);
        LogOffered(offer.MinerId, model, _offers.Length);
        return Task.CompletedTask;
    }

    public Task Withdraw(string minerId)
    {
        if (Remove(minerId))
        {
            LogWithdrawn(minerId, this.GetPrimaryKeyString(), _offers.Length);
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<MinerOffer>> Miners() => Task.FromResult(_offers);

    public Task<MinerOffer> Place(PlacementRequest request)
    {
        var model = this.GetPrimaryKeyString();
        if (_offers.IsEmpty)
        {
            throw new NoMinerException(model, "none has joined.");
        }

        // In turn, starting after the last one chosen.
        for (var i = 0; i < _offers.Length; i++)
        {
            var offer = _offers[(_turn + i) % _offers.Length];
            if (offer.Profile == request.Profile && request.TotalTokens <= offer.ContextTokens)
            {
                _turn = (_turn + i + 1) % _offers.Length;
                return Task.FromResult(offer);
            }
        }

        throw new NoMinerException(model, $"none of {_offers.Length} runs profile {request.Profile} with a context of {request.TotalTokens} tokens.");
    }

    private bool Remove(string minerId)
    {
        for (var i = 0; i < _offers.Length; i++)
        {
            if (_offers[i].MinerId == minerId)
            {
                _offers = _offers.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(2001, LogLevel.Information, "Miner {MinerId} serves model {Model}; live miners: {Count}")]
    private partial void LogOffered(string minerId, string model, int count);

    [LoggerMessage(2002, LogLevel.Warning, "Miner {MinerId} no longer serves model {Model}; live miners: {Count}")]
    private partial void LogWithdrawn(string minerId, string model, int count);
}
