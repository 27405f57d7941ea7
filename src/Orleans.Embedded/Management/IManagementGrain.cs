namespace Orleans.Runtime;

/// <summary>
/// What an operator asks of a cluster: which silos it has, and which grains are active where. Its key is 0. The answers
/// are what the silos say one after the other, so they need not be of one moment.
/// </summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos of the cluster with their statuses.</summary>
    /// <param name="onlyActive">Whether those are left out that start, stop or are dead.</param>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <summary>The silos of the cluster with what is known of them.</summary>
    /// <param name="onlyActive">Whether those are left out that start, stop or are dead.</param>
    Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false);

    /// <summary>How many activations of each grain class each active silo has.</summary>
    /// <exception cref="SiloUnavailableException">A silo ended before it answered. Ask again.</exception>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>The activations that silos have.</summary>
    /// <param name="types">
    /// The classes to look for, named as <see cref="DetailedGrainStatistic.GrainType"/> names them; null for all.
    /// </param>
    /// <param name="hostsIds">The silos to ask; null for all active ones.</param>
    /// <exception cref="SiloUnavailableException">A silo is not active, or ended before it answered.</exception>
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null);

    /// <summary>How many activations all active silos have together.</summary>
    /// <exception cref="SiloUnavailableException">A silo ended before it answered. Ask again.</exception>
    Task<int> GetTotalActivationCount();

    /// <summary>
    /// The silo that a grain is active on, or null if it is not active; for a grain of an edge silo its gateway.
    /// </summary>
    /// <param name="reference">A reference to the grain.</param>
    /// <exception cref="ArgumentException">There is no such grain class.</exception>
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);

    /// <summary>The grains of a type that are active on any silo.</summary>
    /// <param name="type">The type, as the grains' ids have it.</param>
    /// <exception cref="SiloUnavailableException">A silo ended before it answered. Ask again.</exception>
    ValueTask<List<GrainId>> GetActiveGrains(GrainType type);

    /// <summary>
    /// Ends all activations that nobody uses, those excepted that are to be kept. Completes when they have ended.
    /// </summary>
    /// <param name="ageLimit">For how long an activation must have been idle; zero or more.</param>
    /// <exception cref="SiloUnavailableException">A silo ended before it answered.</exception>
    Task ForceActivationCollection(TimeSpan ageLimit);
}
