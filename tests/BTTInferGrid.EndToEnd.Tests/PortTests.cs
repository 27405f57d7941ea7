using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BTTInferGrid.Grains.Miners.Links;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>One port without TLS for HTTP/1.1 and HTTP/2, and for connections that are neither.</summary>
public sealed class PortTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Uri Live => new(grid.Process.Url, "/health/live");

    [Fact]
    public async Task Request_Http11AndHttp2ByAnotherClient_AreServedOnOnePort()
    {
        using var curl = Process.Start(new ProcessStartInfo(
            "curl", ["-sS", "--http2-prior-knowledge", "-w", " HTTP/%{http_version} %{response_code}", $"{Live}"])
        {
            RedirectStandardOutput = true,
        })!;
        (await curl.StandardOutput.ReadToEndAsync()).Should().EndWith("HTTP/2 200");

        using var http = new HttpClient();
        using var response = await http.GetAsync(Live);
        (response.StatusCode, response.Version).Should().Be((HttpStatusCode.OK, HttpVersion.Version11));
    }

    [Theory]
    [InlineData("PRI", " /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 ")]
    [InlineData("PRI * HTTP/", "1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("P", "OST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 401")]
    [InlineData("PRI", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n", "HTTP/1.1 400")]
    public async Task Connection_BeginsLikeThePreface_IsHttp11(string first, string then, string answer)
    {
        (await ExchangeAsync(grid.Process.Url, first, then)).Should().StartWith(answer);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n", "\r\nSM\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n", "Host: localhost\r\n\r\n")]
    public async Task Connection_PrefaceAndThenSomethingElse_IsClosed(string first, string then)
    {
        (await ExchangeAsync(grid.Process.Url, first, then)).Should().NotContain("HTTP/1.1 200");
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI * HTTP/2.0\r")]
    public async Task Connection_HalfAPrefaceAndThenTheEnd_HarmsNobody(string first)
    {
        await ExchangeAsync(grid.Process.Url, first, "", end: true);

        using var http = new HttpClient();
        using var response = await http.GetAsync(Live);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HTTP")]
    public async Task Connection_SendsNoMore_IsClosedAfterTheTimeOfIdleConnections(string first)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(300);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseHttp2Preface());
        });
        await using var server = builder.Build();
        server.MapGet("/", static () => Results.Ok());
        await server.StartAsync();

        (await ExchangeAsync(new Uri(server.Urls.First()), first, "")).Should().BeEmpty();
    }

    /// <summary>Sends bytes in two parts and returns what comes back until the server closes.</summary>
    private static async Task<string> ExchangeAsync(Uri server, string first, string then, bool end = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        await client.Client.SendAsync(Encoding.Latin1.GetBytes(first), limit.Token);
        await client.Client.SendAsync(Encoding.Latin1.GetBytes(then), limit.Token);
        if (end)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await client.Client.ReceiveAsync(buffer, limit.Token) is var read and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, read)));
                if (answer.ToString() is var text && text.StartsWith("HTTP/1.1", StringComparison.Ordinal) && text.Contains("\r\n\r\n"))
                {
                    break;
                }
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return answer.ToString();
    }
}
