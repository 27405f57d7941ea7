using System.Net;

namespace Orleans.Configuration;

/// <summary>Where a silo is reached.</summary>
public class EndpointOptions
{
    /// <summary>The port for other silos unless set.</summary>
    public const int DEFAULT_SILO_PORT = 11111;

    /// <summary>The port for clients unless set, as in Orleans; not used, see <see cref="GatewayPort"/>.</summary>
    public const int DEFAULT_GATEWAY_PORT = 30000;

    /// <summary>The address that other silos and clients connect to.</summary>
    public IPAddress AdvertisedIPAddress { get; set; } = IPAddress.Loopback;

    /// <summary>The port for other silos and for clients.</summary>
    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    /// <summary>Orleans' port for clients. Not used: clients are served at <see cref="SiloPort"/>.</summary>
    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;

    /// <summary>Where the silo listens for other silos and clients; null for where it is reached.</summary>
    public IPEndPoint SiloListeningEndpoint { get; set; } = null!;

    /// <summary>Where Orleans listens for clients. Not used: clients are served where silos are.</summary>
    public IPEndPoint GatewayListeningEndpoint { get; set; } = null!;
}
