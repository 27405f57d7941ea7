using Orleans.Runtime;

namespace Orleans;

/// <summary>What the cluster knows of one of its silos.</summary>
[GenerateSerializer]
public sealed class MembershipEntry
{
    /// <summary>The silo; another run at the same endpoint is another silo.</summary>
    [Id(1)]
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>The silo's status.</summary>
    [Id(2)]
    public SiloStatus Status { get; set; }

    /// <summary>The silo's name, as its options give it.</summary>
    [Id(6)]
    public string SiloName { get; set; } = string.Empty;

    /// <summary>When the silo joined the cluster, in UTC.</summary>
    [Id(10)]
    public DateTime StartTime { get; set; }

    /// <inheritdoc />
    public override string ToString()
    {
        return $"{SiloName} at {SiloAddress}: {Status}";
    }
}
