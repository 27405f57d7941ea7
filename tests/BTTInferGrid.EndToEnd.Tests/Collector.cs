using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Takes what exporters send over OTLP/gRPC, and keeps the bytes.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lock _lock = new();
    private readonly List<byte[]> _received = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly WebApplication _server;

    private Collector(WebApplication server) => _server = server;

    public Uri Url => new(_server.Urls.First());

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new Collector(builder.Build());
        collector._server.Run(collector.TakeAsync);
        await collector._server.StartAsync();
        return collector;
    }

    /// <summary>Waits until something sent holds all the texts.</summary>
    public async Task WaitForAsync(params string[] texts)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (!Holds(texts))
            {
                await _arrived.WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No message came with all of {string.Join(", ", texts)}; in any was {string.Join(", ", texts.Where(text => Holds(text)))}.");
        }
    }

    /// <summary>Whether one message that was sent holds all the texts.</summary>
    public bool Holds(params string[] texts)
    {
        lock (_lock)
        {
            return _received.Exists(body => Array.TrueForAll(texts, text => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0));
        }
    }

    /// <summary>Whether a message that was sent holds the bytes.</summary>
    public bool Holds(byte[] bytes)
    {
        lock (_lock)
        {
            return _received.Exists(body => body.AsSpan().IndexOf(bytes) >= 0);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (_lock)
        {
            _received.Add(body.ToArray());
        }

        _arrived.Release();
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
