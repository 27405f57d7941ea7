namespace Orleans.Runtime;

/// <summary>What a silo knows of itself.</summary>
public interface ILocalSiloDetails
{
    /// <summary>The name of the silo.</summary>
    string Name { get; }

    /// <summary>The name of its cluster.</summary>
    string ClusterId { get; }

    /// <summary>The host name of its machine.</summary>
    string DnsHostName { get; }

    /// <summary>The address other silos know it by.</summary>
    SiloAddress SiloAddress { get; }
}
