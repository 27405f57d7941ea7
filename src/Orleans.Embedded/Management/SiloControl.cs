using Orleans.Concurrency;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Management;

/// <summary>Tells what one silo has. It is no grain of anybody's and does not count itself.</summary>
[GrainType("orleans.silo")]
[KeyedSiloPlacement]
[Reentrant]
internal sealed class SiloControl(LocalNode node, ActivationRegistry registry, IdleCollector collector)
    : Grain, ISiloControl
{
    private IEnumerable<Activation> Activations =>
        registry.Active.Where(static activation => activation.Host.Class.Type != typeof(SiloControl));

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics()
    {
        return Task.FromResult(Activations
            .CountBy(static activation => NameOf(activation))
            .Select(pair => new SimpleGrainStatistic
            {
                GrainType = pair.Key,
                SiloAddress = node.Address,
                ActivationCount = pair.Value,
            })
            .ToArray());
    }

    public Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types)
    {
        return Task.FromResult(Activations
            .Where(activation => types is null || types.Contains(NameOf(activation)))
            .Select(activation => new DetailedGrainStatistic
            {
                GrainType = NameOf(activation),
                SiloAddress = node.Address,
                GrainId = activation.GrainId,
            })
            .ToArray());
    }

    public Task<List<GrainId>> GetActiveGrains(GrainType type)
    {
        return Task.FromResult(Activations
            .Where(activation => activation.GrainId.Type == type)
            .Select(static activation => activation.GrainId)
            .ToList());
    }

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        return collector.CollectAsync(ageLimit);
    }

    private static string NameOf(Activation activation)
    {
        var type = activation.Host.Class.Type;
        return $"{type.FullName},{type.Assembly.GetName().Name}";
    }
}
