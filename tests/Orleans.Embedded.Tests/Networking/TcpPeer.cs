using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>A client that a silo has let in, and which then sends and reads what the test says.</summary>
internal sealed class TcpPeer : IAsyncDisposable
{
    private readonly Carrier _carrier;

    private TcpPeer(Carrier carrier, SiloAddress address)
    {
        _carrier = carrier;
        Address = address;
        Raw = new RawPeer(carrier);
    }

    public SiloAddress Address { get; }

    public RawPeer Raw { get; }

    public static SiloAddress NewClientAddress()
    {
        return SiloAddress.New(IPAddress.Loopback, 1, -RandomNumberGenerator.GetInt32(1, int.MaxValue));
    }

    public static async Task<TcpPeer> ConnectAsync(
        SiloAddress silo, string cluster, string secret = TcpCluster.Secret, SiloAddress? address = null)
    {
        address ??= NewClientAddress();
        var carrier = await OpenAsync(silo.Endpoint);
        try
        {
            var policy = new TestPolicy(address.ToParsableString(), secret, cluster, NodeRole.Client);
            await Handshake.CallAsync(
                carrier, policy, silo.ToParsableString(), TimeSpan.FromSeconds(20), TimeProvider.System, default);
            return new TcpPeer(carrier, address);
        }
        catch
        {
            await carrier.DisposeAsync();
            throw;
        }
    }

    public static async Task<Carrier> OpenAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint);
        return Carrier.Plain(socket, Carrier.NewFactory(NullLogger.Instance));
    }

    /// <summary>Waits until the silo has taken all that was sent before; false when it closed the connection instead.</summary>
    public async Task<bool> IsTakenAsync()
    {
        await Raw.SendAsync(FrameKind.Drain);
        while (await Raw.ReceiveAsync().Within("what the silo says") is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Drained:
                    return true;
                case FrameKind.Close:
                    return false;
            }
        }

        return false;
    }

    public ValueTask DisposeAsync()
    {
        return _carrier.DisposeAsync();
    }
}
