using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Networking;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>Keeps an edge silo connected to one gateway at a time, for as long as its host runs.</summary>
internal sealed partial class EdgeSilo(
    LocalNode node,
    EdgeTransport transport,
    IEdgeCarrier carrier,
    IEdgeCredential credential,
    TimeProvider clock,
    IOptions<EdgeSiloOptions> options,
    EdgeRandom random,
    ILogger<EdgeSilo> logger) : IEdgeSilo, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new(options.Value.MinBackoff, options.Value.MaxBackoff, random.Value);
    private Task _loop = Task.CompletedTask;

    public string Identity => node.Name;

    public bool IsConnected => transport.Gateway is not null;

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken = default)
    {
        return transport.Connected.WaitAsync(cancellationToken);
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<EdgeSilo>(ServiceLifecycleStage.Active, StartAsync, LeaveAsync);
        lifecycle.Subscribe<EdgeSilo>(ServiceLifecycleStage.RuntimeServices, static _ => Task.CompletedTask, StopAsync);
    }

    public void Dispose()
    {
        _stop.Dispose();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Gateways.Count == 0)
        {
            throw new OrleansConfigurationException("The edge silo has no gateway. Add one to EdgeSiloOptions.Gateways.");
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>No requests come any more; those that run end, and answers still go out.</summary>
    private Task LeaveAsync(CancellationToken cancellationToken)
    {
        transport.Leave();
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The last answers are on their way, and closing would drop them.
            await transport.DrainAsync().WaitAsync(DrainTimeout, clock, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            LogDrainCutShort(Identity);
        }

        await _stop.CancelAsync();
        transport.Abort();
        await _loop;
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        var gateways = options.Value.Gateways;
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var gateway = gateways[i % gateways.Count];
            var reason = await ConnectAsync(gateway, stop);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            var pause = _backoff.Next(reason.Code);

            // A gateway that stops, as it is told to, is nothing to be warned of.
            LogLost(reason.Code == CloseReason.Stopping.Code ? LogLevel.Information : LogLevel.Warning, gateway, reason, pause);
            await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Connects, and returns when the connection has ended or did not come about.</summary>
    private async Task<CloseReason> ConnectAsync(Uri gateway, CancellationToken stop)
    {
        try
        {
            await using var line = await OpenAsync(gateway, stop);
            var policy = new EdgeHandshake(credential, node.ClusterId);
            var peer = await Handshake.CallAsync(
                line, policy, string.Empty, options.Value.ConnectTimeout, clock, stop);
            var limits = new ConnectionLimits
            {
                MaxMessageBytes = options.Value.MaxMessageBytes,
                HeartbeatInterval = options.Value.HeartbeatInterval,
            };
            var connection = new Connection(line, peer, transport, limits, clock, logger);
            transport.Attach(connection);
            using var watch = stop.UnsafeRegister(
                static state => ((Connection)state!).Close(CloseReason.Stopping), connection);
            _ = ResetWhenConnectedAsync(transport.Connected);
            return await connection.RunAsync();
        }
        catch (ConnectionClosedException error)
        {
            return error.Reason;
        }
        catch (Exception error)
        {
            return CloseReason.Lost with { Text = error.Message };
        }
    }

    private async ValueTask<IEdgeLine> OpenAsync(Uri gateway, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.Value.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        return await carrier.OpenAsync(gateway, either.Token);
    }

    private async Task ResetWhenConnectedAsync(Task connected)
    {
        await connected;
        _backoff.Reset();
        LogConnected(Identity);
    }

    [LoggerMessage(2651, LogLevel.Information, "Edge silo {Identity} is connected.")]
    private partial void LogConnected(string identity);

    [LoggerMessage(EventId = 2652, Message = "No connection with gateway {Gateway}. {Reason} The next try is in {Pause}.")]
    private partial void LogLost(LogLevel level, Uri gateway, CloseReason reason, TimeSpan pause);

    [LoggerMessage(2657, LogLevel.Warning,
        "Edge silo {Identity} stops, and does not know whether its gateway has its last answers.")]
    private partial void LogDrainCutShort(string identity);
}
