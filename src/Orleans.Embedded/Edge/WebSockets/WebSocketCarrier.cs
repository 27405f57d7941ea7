using System.Net.WebSockets;

namespace Orleans.Embedded.Edge;

/// <summary>Opens WebSockets to gateways.</summary>
internal sealed class WebSocketCarrier : IEdgeCarrier
{
    public async ValueTask<IEdgeLine> OpenAsync(Uri gateway, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(gateway, cancellationToken);
            return new WebSocketLine(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
