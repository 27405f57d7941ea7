using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Tests.Clustering;

public sealed class TcpSiloProbeTests
{
    private readonly TcpSiloProbe _probe = new(TimeProvider.System, Options.Create(new ClusterMembershipOptions()));

    [Fact]
    public async Task IsGone_SomebodyListensAndAcceptsNothing_False()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.False(await IsGoneAsync((IPEndPoint)listener.LocalEndpoint));
    }

    [Fact]
    public async Task IsGone_NobodyListens_True()
    {
        // Bound but not listening: nobody else gets the port, and connections are refused.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.True(await IsGoneAsync((IPEndPoint)socket.LocalEndPoint!));
    }

    private Task<bool> IsGoneAsync(IPEndPoint endpoint)
    {
        return _probe.IsGoneAsync(SiloAddress.New(endpoint, 1), CancellationToken.None).Within("the probe");
    }
}
