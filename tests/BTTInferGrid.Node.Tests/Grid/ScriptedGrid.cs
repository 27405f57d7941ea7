using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using BTTInferGrid.Link.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using LinkService = BTTInferGrid.Link.V1.Link;

namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>A real gRPC server in the place of a grid's front. What it says is for the test to decide.</summary>
internal sealed class ScriptedGrid : IAsyncDisposable
{
    public const string Id = "test-grid";

    private readonly Channel<GridSession> _sessions = Channel.CreateUnbounded<GridSession>();
    private readonly WebApplication _app;

    private ScriptedGrid(WebApplication app) => _app = app;

    /// <summary>Its address, by the number of loopback.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts a server on a free port of loopback.</summary>
    /// <param name="certificate">Makes it speak TLS.</param>
    /// <param name="raw">Answers in place of the gRPC library, for what that is too polite to send.</param>
    /// <param name="port">A port that is known to be free; 0 for any.</param>
    public static async Task<ScriptedGrid> StartAsync(
        X509Certificate2? certificate = null, Func<HttpContext, Task>? raw = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Connection>();
        var app = builder.Build();
        var grid = new ScriptedGrid(app);
        app.Services.GetRequiredService<Connection>().Grid = grid;
        if (raw is null)
        {
            app.MapGrpcService<ScriptedLink>();
        }
        else
        {
            app.MapPost("/bttgrid.link.v1.Link/Connect", raw);
        }

        await app.StartAsync();
        return grid;
    }

    /// <summary>The next node that dials.</summary>
    public async Task<GridSession> AcceptAsync() =>
        await _sessions.Reader.ReadAsync().AsTask().Within("a node dials the grid");

    /// <summary>The next node that dials, welcomed; its offer and first status have come.</summary>
    public async Task<GridSession> WelcomeAsync(TimeProvider? time = null)
    {
        var session = await AcceptAsync();
        await session.WelcomeAsync(time ?? TimeProvider.System);
        (await session.NextAsync()).Offer.Should().NotBeNull();
        (await session.NextStatusAsync()).Draining.Should().BeFalse();
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        _sessions.Writer.TryComplete();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private sealed class Connection
    {
        public ScriptedGrid? Grid { get; set; }
    }

    private sealed class ScriptedLink(Connection connection) : LinkService.LinkBase
    {
        public override async Task Connect(
            IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<ToNode> responseStream, ServerCallContext context)
        {
            var session = new GridSession(requestStream, responseStream);
            connection.Grid!._sessions.Writer.TryWrite(session);
            await session.RunAsync();
        }
    }
}
