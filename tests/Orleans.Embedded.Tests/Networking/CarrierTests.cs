using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Embedded.Tests.Networking;

public sealed class CarrierTests
{
    [Fact]
    public async Task Dispose_PeerThatReadsNothing_ClosesTheSocketAllTheSame()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var carrier = await TcpPeer.OpenAsync((IPEndPoint)listener.LocalEndpoint);
        using var peer = await listener.AcceptSocketAsync();
        Task<FlushResult> write;
        do
        {
            // Until no buffer takes more.
            write = carrier.Output.WriteAsync(new byte[60_000]).AsTask();
            await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1)));
        }
        while (write.IsCompleted);

        carrier.Output.CancelPendingFlush();
        Assert.True((await write).IsCanceled);
        await carrier.Output.CompleteAsync(new IOException("The peer does not read."));

        await carrier.DisposeAsync().AsTask().Within("the end of the carrier");
    }
}
