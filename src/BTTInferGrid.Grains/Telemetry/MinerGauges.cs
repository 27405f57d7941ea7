using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>Shows what the miners of each model do, as the model's grain last counted it.</summary>
internal sealed class MinerGauges
{
    private static readonly MinerState[] States = Enum.GetValues<MinerState>();
    private readonly ConcurrentDictionary<string, ModelLoad> _models = new();

    public MinerGauges(IMeterFactory meters)
    {
        var meter = meters.Create(GridTelemetry.Name);
        meter.CreateObservableGauge("bttgrid.miners", ByState, "{miner}", "Miners that the grid knows, by where they stand.");
        Add(meter, "bttgrid.miners.requests.running", "{request}", "Requests that miners decode.", static load => load.Running);
        Add(meter, "bttgrid.miners.requests.waiting", "{request}", "Requests in miners' queues.", static load => load.Waiting);
        Add(meter, "bttgrid.miners.kv_cache.size", "{token}", "Tokens that miners' KV caches hold.", static load => load.CacheTokens);
        Add(meter, "bttgrid.miners.kv_cache.used", "{token}", "Those that running requests need.", static load => load.CacheTokensInUse);
    }

    /// <summary>Notes what a model's miners do.</summary>
    public void Set(string model, IEnumerable<MinerStanding> standings)
    {
        var load = new ModelLoad();
        foreach (var standing in standings)
        {
            load.Add(standing);
        }

        _models[model] = load;
    }

    /// <summary>The model's grain is not on this silo any more.</summary>
    public void Forget(string model) => _models.TryRemove(model, out _);

    private void Add(Meter meter, string name, string unit, string description, Func<ModelLoad, long> read) =>
        meter.CreateObservableGauge(name, () => ByModel(read), unit, description);

    private IEnumerable<Measurement<long>> ByModel(Func<ModelLoad, long> read)
    {
        foreach (var (model, load) in _models)
        {
            yield return new Measurement<long>(read(load), new KeyValuePair<string, object?>(Tags.Model, model));
        }
    }

    private IEnumerable<Measurement<long>> ByState()
    {
        foreach (var (model, load) in _models)
        {
            foreach (var state in States)
            {
                yield return new Measurement<long>(
                    load.MinersIn(state),
                    new KeyValuePair<string, object?>(Tags.Model, model),
                    new KeyValuePair<string, object?>(Tags.MinerState, Tags.Of(state)));
            }
        }
    }
}
