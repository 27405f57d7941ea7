using Orleans.Concurrency;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Management;

/// <summary>Answers from the view of the cluster, or asks its silos at once.</summary>
[GrainType("orleans.management")]
[PreferLocalPlacement]
[Reentrant]
internal sealed class ManagementGrain(IClusterMembership membership, IGrainLocator locator) : Grain, IManagementGrain
{
    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false)
    {
        return Task.FromResult(Members(onlyActive).ToDictionary());
    }

    public Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false)
    {
        var view = membership.Current;
        return Task.FromResult(Members(onlyActive)
            .Select(member => new MembershipEntry
            {
                SiloAddress = member.Key,
                Status = member.Value,
                SiloName = view.InfoOf(member.Key).Name,
                StartTime = view.InfoOf(member.Key).StartTime,
            })
            .ToArray());
    }

    public async Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics()
    {
        var answers = await AskAsync(static silo => silo.GetSimpleGrainStatistics());
        return [.. answers.SelectMany(static answer => answer)];
    }

    public async Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(
        string[]? types = null, SiloAddress[]? hostsIds = null)
    {
        var answers = await AskAsync(silo => silo.GetDetailedGrainStatistics(types), hostsIds);
        return [.. answers.SelectMany(static answer => answer)];
    }

    public async Task<int> GetTotalActivationCount()
    {
        var statistics = await GetSimpleGrainStatistics();
        return statistics.Sum(static statistic => statistic.ActivationCount);
    }

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference)
    {
        return locator.FindAsync(reference.GetGrainId());
    }

    public async ValueTask<List<GrainId>> GetActiveGrains(GrainType type)
    {
        var answers = await AskAsync(silo => silo.GetActiveGrains(type));
        return [.. answers.SelectMany(static answer => answer)];
    }

    public async Task ForceActivationCollection(TimeSpan ageLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ageLimit, TimeSpan.Zero);
        await Task.WhenAll(membership.Current.Active.Select(silo => ControlOf(silo).ForceActivationCollection(ageLimit)));
    }

    private IEnumerable<KeyValuePair<SiloAddress, SiloStatus>> Members(bool onlyActive)
    {
        return membership.Current.Members.Where(member => !onlyActive || member.Value == SiloStatus.Active);
    }

    private Task<T[]> AskAsync<T>(Func<ISiloControl, Task<T>> question, SiloAddress[]? silos = null)
    {
        return Task.WhenAll((silos ?? [.. membership.Current.Active]).Select(silo => question(ControlOf(silo))));
    }

    private ISiloControl ControlOf(SiloAddress silo)
    {
        return GrainFactory.GetGrain<ISiloControl>(silo.ToParsableString());
    }
}
