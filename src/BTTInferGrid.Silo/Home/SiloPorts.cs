using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Home;

/// <summary>
/// The ports of a silo: for other silos, and for clients of the cluster. One that is not set is chosen once and kept in the
/// home folder: a silo that comes back at its old port is known for its own successor, and the cluster need not wait until
/// its predecessor is declared dead.
/// </summary>
/// <param name="Silo">For other silos; 0 for one that is chosen.</param>
/// <param name="Gateway">For clients of the cluster; 0 for one that is chosen.</param>
internal sealed record SiloPorts(int Silo, int Gateway)
{
    /// <summary>The ports to listen on: those that are wanted, else those that are kept, else free ones, which are kept now.</summary>
    /// <param name="path">The file that keeps them.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="wanted">What silo.json says.</param>
    /// <exception cref="StartException">Another process listens on a wanted port, or the address is not of this machine.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SiloPorts Take(string path, IPAddress address, SiloPorts wanted)
    {
        var kept = Read(path);

        // Both are held until both are known, so that they differ.
        using var silo = Listen(address, wanted.Silo, kept.Silo, "cluster.port");
        using var gateway = Listen(address, wanted.Gateway, kept.Gateway, "cluster.gatewayPort");
        var taken = new SiloPorts(PortOf(silo), PortOf(gateway));
        if (taken != kept)
        {
            File.WriteAllText(path + ".new", JsonSerializer.Serialize(taken, SiloPortsContext.Default.SiloPorts) + "\n");
            File.Move(path + ".new", path, overwrite: true);
        }

        return taken;
    }

    private static SiloPorts Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), SiloPortsContext.Default.SiloPorts) ?? new SiloPorts(0, 0);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            // There is none, or somebody has put something else there: any port is as good.
            return new SiloPorts(0, 0);
        }
    }

    private static TcpListener Listen(IPAddress address, int wanted, int kept, string setting)
    {
        if (wanted == 0 && kept is > 0 and <= IPEndPoint.MaxPort && TryListen(address, kept, out _) is { } listener)
        {
            return listener;
        }

        return TryListen(address, wanted, out var error) ?? throw new StartException(
            $"Cannot listen on {address} port {wanted}: {error!.Message} Stop what uses it, or name another in {setting}.", error);
    }

    private static TcpListener? TryListen(IPAddress address, int port, out SocketException? error)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            error = null;
            return listener;
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            error = failure;
            return null;
        }
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SiloPorts))]
internal sealed partial class SiloPortsContext : JsonSerializerContext;
