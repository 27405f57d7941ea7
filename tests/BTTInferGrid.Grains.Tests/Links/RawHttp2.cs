using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using BTTInferGrid.Link.V1;
using Google.Protobuf;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>A frame of HTTP/2.</summary>
internal readonly record struct Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload);

/// <summary>The kinds of frames that the tests use, as on the wire.</summary>
internal enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
}

/// <summary>
/// The client's end of HTTP/2 frame by frame, for what a library is too polite to do. It opens no windows: what the grid may
/// send is what the test grants at the start.
/// </summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const string LinkPath = "/bttgrid.link.v1.Link/Connect";

    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Acknowledges = 1;
    private const int PrefixBytes = 5;
    private const int MaxFrame = 16 * 1024;

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private readonly List<byte> _received = [];
    private NetworkStream _stream = null!;

    private RawHttp2()
    {
    }

    /// <summary>Connects.</summary>
    /// <param name="grid">The front.</param>
    /// <param name="window">Bytes that the grid may send on a stream.</param>
    public static async Task<RawHttp2> ConnectAsync(Uri grid, int window = 65_535)
    {
        var peer = new RawHttp2();
        await peer._tcp.ConnectAsync(grid.Host, grid.Port);
        peer._stream = peer._tcp.GetStream();
        await peer.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        var initialWindow = new byte[6];
        initialWindow[1] = 4;
        BinaryPrimitives.WriteInt32BigEndian(initialWindow.AsSpan(2), window);
        await peer.SendAsync(new Http2Frame(Http2FrameType.Settings, 0, 0, initialWindow));
        return peer;
    }

    /// <summary>Opens a stream; ids are odd and grow.</summary>
    public Task OpenAsync(
        int stream, string method = "POST", string path = LinkPath, string contentType = "application/grpc",
        params (string Name, string Value)[] more)
    {
        var block = new List<byte>();
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            (":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("content-type", contentType), ("te", "trailers"), .. more])
        {
            // Literal header field without indexing, new name (RFC 7541, section 6.2.2); no text here has 127 bytes.
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return SendAsync(new Http2Frame(Http2FrameType.Headers, EndHeaders, stream, [.. block]));
    }

    /// <summary>Sends a message in as many frames as it needs.</summary>
    public Task MessageAsync(int stream, FromNode message, bool isCompressed = false) =>
        MessageAsync(stream, message.ToByteArray(), isCompressed);

    public async Task MessageAsync(int stream, byte[] message, bool isCompressed = false)
    {
        var bytes = new byte[PrefixBytes + message.Length];
        bytes[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), message.Length);
        message.CopyTo(bytes, PrefixBytes);
        foreach (var piece in bytes.Chunk(MaxFrame))
        {
            await DataAsync(stream, piece);
        }
    }

    public Task DataAsync(int stream, byte[] bytes, bool isLast = false) =>
        SendAsync(new Http2Frame(Http2FrameType.Data, isLast ? EndStream : (byte)0, stream, bytes));

    /// <summary>Resets a stream.</summary>
    public Task ResetAsync(int stream) => SendAsync(new Http2Frame(Http2FrameType.ResetStream, 0, stream, [0, 0, 0, 8]));

    public Task SendAsync(Http2Frame frame)
    {
        var bytes = new byte[9 + frame.Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(0), frame.Payload.Length << 8 | (byte)frame.Type);
        bytes[4] = frame.Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), frame.Stream);
        frame.Payload.CopyTo(bytes, 9);
        return WriteAsync(bytes);
    }

    /// <summary>The next frame that is not about the connection alone; null at the end of the connection.</summary>
    public async Task<Http2Frame?> NextFrameAsync()
    {
        var head = new byte[9];
        while (await TryReadAsync(head))
        {
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
            if (!await TryReadAsync(payload))
            {
                return null;
            }

            var frame = new Http2Frame(
                (Http2FrameType)head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            if (frame.Type is not (Http2FrameType.Settings or Http2FrameType.Ping))
            {
                return frame;
            }

            if ((frame.Flags & Acknowledges) == 0)
            {
                await SendAsync(frame with
                {
                    Flags = Acknowledges,
                    Payload = frame.Type == Http2FrameType.Ping ? payload : [],
                });
            }
        }

        return null;
    }

    /// <summary>The next message of the only stream; null if the stream or the connection ends before it.</summary>
    public async Task<ToNode?> NextMessageAsync()
    {
        while (!HasMessage())
        {
            switch (await NextFrameAsync())
            {
                case { Type: Http2FrameType.Data } data:
                    _received.AddRange(data.Payload);
                    break;
                case null or { Type: Http2FrameType.ResetStream or Http2FrameType.GoAway }:
                case { Type: Http2FrameType.Headers } trailers when (trailers.Flags & EndStream) != 0:
                    return null;
            }
        }

        var length = Length();
        var message = ToNode.Parser.ParseFrom([.. _received.GetRange(PrefixBytes, length)]);
        _received.RemoveRange(0, PrefixBytes + length);
        return message;
    }

    /// <summary>Reads to the end of the connection.</summary>
    public async Task WaitForEndAsync()
    {
        while (await NextFrameAsync() is not null)
        {
        }
    }

    /// <summary>Cuts the connection with a reset, as a machine that loses power does when it is back.</summary>
    public void Cut()
    {
        _tcp.LingerState = new LingerOption(enable: true, seconds: 0);
        _tcp.Close();
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        _sending.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool HasMessage() => _received.Count >= PrefixBytes && _received.Count >= PrefixBytes + Length();

    private int Length() => BinaryPrimitives.ReadInt32BigEndian([.. _received.GetRange(1, 4)]);

    private async Task WriteAsync(byte[] bytes)
    {
        await _sending.WaitAsync(_limit.Token);
        try
        {
            await _stream.WriteAsync(bytes, _limit.Token);
        }
        catch (IOException)
        {
            // The grid has cut the connection: reading shows it.
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<bool> TryReadAsync(byte[] bytes)
    {
        try
        {
            await _stream.ReadExactlyAsync(bytes, _limit.Token);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
