namespace Orleans.TestingHost;

/// <summary>What tells one silo of a test cluster from the others.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>The silo's port, which no socket listens on.</summary>
    public int SiloPort { get; set; }

    /// <summary>The port for clients, which no socket listens on.</summary>
    public int GatewayPort { get; set; }

    /// <summary>The silo's name.</summary>
    public string SiloName { get; set; } = null!;
}
