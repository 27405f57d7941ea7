using System.Net;
using System.Net.Sockets;
using System.Text;
using BTTInferGrid.Front.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Front.Tests.Connections;

/// <summary>Clients that begin a request and do not finish it, on a real socket.</summary>
public sealed class ConnectionLimitsTests : IAsyncLifetime
{
    private readonly WebApplication _app;

    public ConnectionLimitsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseFrontLimits();
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.MapPost("/", async context => await context.Request.Body.CopyToAsync(Stream.Null));
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nX-Never: ends")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nnot more than this")]
    public async Task Request_ThatNeverEnds_IsAnswered408AndHungUpOn(string beginning) =>
        Assert.StartsWith("HTTP/1.1 408", await AnswerToAsync(beginning));

    [Fact]
    public async Task Request_HeadersWithoutEnd_IsAnswered431() =>
        Assert.StartsWith("HTTP/1.1 431", await AnswerToAsync(
            $"POST / HTTP/1.1\r\nHost: a\r\nX-Large: {new string('x', 17 << 10)}\r\n\r\n"));

    /// <summary>All that the server says to the beginning of a request, until it hangs up.</summary>
    private async Task<string> AnswerToAsync(string beginning)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning));
        using var answer = new StreamReader(stream, Encoding.ASCII);
        return await answer.ReadToEndAsync();
    }
}
