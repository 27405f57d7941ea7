using System.Net;
using System.Net.Sockets;

namespace Orleans.Embedded.Chaos.Faults;

/// <summary>Stands between processes and a server, and fails as a network does: connections are refused, cut or silent.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<Socket> _sockets = [];
    private TcpListener _listener;
    private Task _accepting;
    private TaskCompletionSource _passing = Passing();

    public FaultyProxy(IPEndPoint server)
    {
        _server = server;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Endpoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync(_listener);
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>From here on nothing gets through, and nobody is told: what is sent waits.</summary>
    public void Silence()
    {
        _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Cuts all connections and refuses new ones.</summary>
    public async Task RefuseAsync()
    {
        _listener.Stop();
        await _accepting;
        CutAll();
    }

    /// <summary>Lets everything through again.</summary>
    public void Pass()
    {
        if (_accepting.IsCompleted)
        {
            _listener = new TcpListener(Endpoint);
            _listener.Start();
            _accepting = AcceptAsync(_listener);
        }

        _passing.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseAsync();
        await _end.CancelAsync();
        _end.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource();
        passing.SetResult();
        return passing;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_sockets)
        {
            _sockets.Add(near);
            _sockets.Add(far);
        }

        try
        {
            await _passing.Task.WaitAsync(_end.Token);
            await far.ConnectAsync(_server, _end.Token);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever waits at the other end sees the connection close.
        }
        finally
        {
            Cut(near);
            Cut(far);
        }
    }

    private async Task CopyAsync(Socket source, Socket target)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await source.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                await _passing.Task.WaitAsync(_end.Token);
                for (var sent = 0; sent < count;)
                {
                    sent += await target.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The pair of sockets is closed by the caller.
        }
    }

    private void CutAll()
    {
        Socket[] sockets;
        lock (_sockets)
        {
            sockets = [.. _sockets];
        }

        Array.ForEach(sockets, Cut);
    }

    private void Cut(Socket socket)
    {
        lock (_sockets)
        {
            _sockets.Remove(socket);
        }

        socket.Dispose();
    }
}
