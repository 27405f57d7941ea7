using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Orleans.Embedded.Edge;

/// <summary>
/// A WebSocket as a duplex pipe. Its messages are pieces of a stream of bytes, and mean nothing by themselves.
/// </summary>
internal sealed class WebSocketLine : IEdgeLine
{
    private const int PauseBytes = 64 * 1024;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private static readonly PipeOptions Options = new(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, useSynchronizationContext: false);

    private readonly WebSocket _socket;
    private readonly Pipe _in = new(Options);
    private readonly Pipe _out = new(Options);
    private readonly Task _receiving;
    private readonly Task _sending;

    public WebSocketLine(WebSocket socket)
    {
        _socket = socket;
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    public PipeReader Input => _in.Reader;

    public PipeWriter Output => _out.Writer;

    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        await Input.CompleteAsync();

        // An end without the peer's own would take from it what it has not read, such as why the connection ends. But a
        // peer that does not read or close must not hold up the end.
        await Task.WhenAny(Task.WhenAll(_sending, _receiving), Task.Delay(LastWords, TimeProvider.System));
        _socket.Abort();
        await _sending;
        await _receiving;
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_in.Writer.GetMemory(4096), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                // What comes when nobody reads any more is dropped: the peer's end is still to come.
                _in.Writer.Advance(received.Count);
                await _in.Writer.FlushAsync();
            }
        }
        catch (Exception failure)
        {
            error = failure;
        }

        await _in.Writer.CompleteAsync(error);
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await _out.Reader.ReadAsync();
                foreach (var piece in read.Buffer)
                {
                    await _socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                }

                _out.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    break;
                }
            }
        }
        catch (Exception failure)
        {
            // Whoever writes learns it from the pipe.
            error = failure;
        }

        await _out.Reader.CompleteAsync(error);
        if (error is not null)
        {
            _socket.Abort();
        }
    }
}
