using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>
/// Opens connections between nodes, at both ends: socket, TLS if the cluster has a certificate, and handshake, each within
/// its time. What fails leaves nothing open.
/// </summary>
internal sealed class Connector(
    NodePolicy policy,
    TransportOptions options,
    TimeSpan timeout,
    TimeProvider clock,
    SocketConnectionContextFactory sockets)
{
    /// <summary>Calls a silo. Who calls disposes of the carrier.</summary>
    public async Task<(Carrier Carrier, PeerIdentity Peer)> CallAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(silo.Endpoint, either.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var carrier = await OpenAsync(socket, silo.Endpoint.Address.ToString(), either.Token);
        return await WithPeerAsync(carrier, Handshake.CallAsync(
            carrier, policy, silo.ToParsableString(), timeout, clock, cancellationToken));
    }

    /// <summary>Takes the call of a node. Who calls disposes of the carrier.</summary>
    public async Task<(Carrier Carrier, PeerIdentity Peer)> AcceptAsync(Socket socket, CancellationToken cancellationToken)
    {
        socket.NoDelay = true;
        using var time = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var carrier = await OpenAsync(socket, null, either.Token);
        return await WithPeerAsync(
            carrier, Handshake.ListenAsync(carrier, policy, timeout, clock, cancellationToken));
    }

    private static async Task<(Carrier Carrier, PeerIdentity Peer)> WithPeerAsync(
        Carrier carrier, Task<PeerIdentity> handshake)
    {
        try
        {
            return (carrier, await handshake);
        }
        catch
        {
            await carrier.DisposeAsync();
            throw;
        }
    }

    private Task<Carrier> OpenAsync(Socket socket, string? calledHost, CancellationToken cancellationToken)
    {
        return options.Certificate is null
            ? Task.FromResult(Carrier.Plain(socket, sockets))
            : Carrier.SecureAsync(socket, options, calledHost, cancellationToken);
    }
}
