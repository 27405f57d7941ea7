using Orleans.Runtime;

namespace Orleans.Embedded.Management;

/// <summary>What the management grain asks of one silo. The key is the silo's address.</summary>
internal interface ISiloControl : IGrainWithStringKey
{
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types);

    Task<List<GrainId>> GetActiveGrains(GrainType type);

    Task ForceActivationCollection(TimeSpan ageLimit);
}
