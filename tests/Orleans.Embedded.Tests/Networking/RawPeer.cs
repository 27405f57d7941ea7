using System.Buffers;
using System.IO.Pipelines;
using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>The other end of a connection, which sends and reads what the test says.</summary>
internal sealed class RawPeer(IDuplexPipe pipe)
{
    public async Task SendAsync(FrameKind kind, params byte[] payload)
    {
        var bytes = new byte[Frame.HeaderBytes + payload.Length];
        Frame.WriteHeader(bytes, kind, payload.Length);
        payload.CopyTo(bytes, Frame.HeaderBytes);
        await SendBytesAsync(bytes);
    }

    public async Task SendBytesAsync(byte[] bytes)
    {
        await pipe.Output.WriteAsync(bytes);
    }

    /// <summary>The next frame that is no ping; null when the other side ended.</summary>
    public async Task<(FrameKind Kind, byte[] Payload)?> ReceiveAsync()
    {
        while (true)
        {
            var result = await pipe.Input.ReadAsync();
            var buffer = result.Buffer;
            if (Frame.TryRead(ref buffer, int.MaxValue, out var frame))
            {
                var received = (frame.Kind, frame.Payload.ToArray());
                pipe.Input.AdvanceTo(buffer.Start);
                if (frame.Kind != FrameKind.Ping)
                {
                    return received;
                }
            }
            else
            {
                pipe.Input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Reads until the other side says why it ends, or ends.</summary>
    public async Task<CloseReason?> ReceiveCloseAsync()
    {
        while (await ReceiveAsync().Within("the next frame") is { } frame)
        {
            if (frame.Kind == FrameKind.Close)
            {
                return CloseReason.Read(frame.Payload);
            }
        }

        return null;
    }

    public async Task EndAsync()
    {
        await pipe.Output.CompleteAsync();
    }
}
