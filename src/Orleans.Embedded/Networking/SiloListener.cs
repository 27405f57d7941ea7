using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>
/// The silo's port. Only so many connections are in their handshake at once: more are closed unheard, so that strangers
/// cost no memory.
/// </summary>
internal sealed partial class SiloListener(Func<Socket, Task> accept, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>What makes accepting fail, such as too many open files, is not over at once.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private const int Backlog = 512;
    private const int MaxHandshakes = 128;
    private Socket? _socket;
    private int _handshakes;
    private volatile bool _isDisposed;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="OrleansConfigurationException">The endpoint cannot be listened at.</exception>
    public void Start(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new OrleansConfigurationException(
                $"The silo cannot listen at {endpoint}: {error.Message}. If another silo or program uses the port, "
                + $"give this silo another {nameof(Configuration.EndpointOptions.SiloPort)}.",
                error);
        }

        _socket = socket;
        _ = AcceptAllAsync(socket);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket?.Dispose();
    }

    private async Task AcceptAllAsync(Socket socket)
    {
        while (!_isDisposed)
        {
            try
            {
                var accepted = await socket.AcceptAsync();
                if (Interlocked.Increment(ref _handshakes) > MaxHandshakes)
                {
                    Interlocked.Decrement(ref _handshakes);
                    accepted.Dispose();
                    LogBusy(MaxHandshakes);
                }
                else
                {
                    _ = HandleAsync(accepted);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                if (!_isDisposed)
                {
                    LogAcceptFailed(error);
                    await Task.Delay(PauseAfterFailure, clock);
                }
            }
        }
    }

    private async Task HandleAsync(Socket accepted)
    {
        try
        {
            await accept(accepted);
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    [LoggerMessage(2505, LogLevel.Warning, "A connection was closed unheard: {Count} others are in their handshake.")]
    private partial void LogBusy(int count);

    [LoggerMessage(2506, LogLevel.Warning, "A connection could not be accepted.")]
    private partial void LogAcceptFailed(Exception error);
}
