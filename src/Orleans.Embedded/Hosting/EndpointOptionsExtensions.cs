using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Sets where a silo is reached.</summary>
public static class EndpointOptionsExtensions
{
    /// <summary>Sets the address that others connect to, and the ports.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="advertisedIP">The address that other silos and clients connect to.</param>
    /// <param name="siloPort">The port for other silos and for clients.</param>
    /// <param name="gatewayPort">Not used: clients are served at the silo's port.</param>
    /// <param name="listenOnAnyHostAddress">Whether to listen at all addresses of this machine.</param>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder,
        IPAddress advertisedIP,
        int siloPort,
        int gatewayPort,
        bool listenOnAnyHostAddress = false)
    {
        return builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = advertisedIP;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
            if (listenOnAnyHostAddress)
            {
                options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Any, siloPort);
                options.GatewayListeningEndpoint = new IPEndPoint(IPAddress.Any, gatewayPort);
            }
        });
    }

    /// <summary>Sets the host name that others connect to, and the ports.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="hostname">A name of this machine, which is resolved at once.</param>
    /// <param name="siloPort">The port for other silos and for clients.</param>
    /// <param name="gatewayPort">Not used: clients are served at the silo's port.</param>
    /// <param name="addressFamily">Which of the name's addresses.</param>
    /// <param name="listenOnAnyHostAddress">Whether to listen at all addresses of this machine.</param>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder,
        string hostname,
        int siloPort,
        int gatewayPort,
        AddressFamily addressFamily = AddressFamily.InterNetwork,
        bool listenOnAnyHostAddress = false)
    {
        var address = Array.Find(Dns.GetHostAddresses(hostname), found => found.AddressFamily == addressFamily)
            ?? throw new OrleansConfigurationException($"The host name '{hostname}' has no address of {addressFamily}.");
        return builder.ConfigureEndpoints(address, siloPort, gatewayPort, listenOnAnyHostAddress);
    }

    /// <summary>Sets the ports; the address is the machine's own name's.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">The port for other silos and for clients.</param>
    /// <param name="gatewayPort">Not used: clients are served at the silo's port.</param>
    /// <param name="addressFamily">Which of the name's addresses.</param>
    /// <param name="listenOnAnyHostAddress">Whether to listen at all addresses of this machine.</param>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder,
        int siloPort,
        int gatewayPort,
        AddressFamily addressFamily = AddressFamily.InterNetwork,
        bool listenOnAnyHostAddress = false)
    {
        return builder.ConfigureEndpoints(
            Dns.GetHostName(), siloPort, gatewayPort, addressFamily, listenOnAnyHostAddress);
    }
}
