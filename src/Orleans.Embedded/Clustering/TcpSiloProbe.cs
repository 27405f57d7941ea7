using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>Tries to connect to a silo's port.</summary>
internal sealed class TcpSiloProbe(TimeProvider clock, IOptions<ClusterMembershipOptions> options) : ISiloProbe
{
    public async Task<bool> IsGoneAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.ProbeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, either.Token);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
