using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>
/// JSON-RPC 2.0 over HTTP to the nodes of one chain. A call goes to the first endpoint that is healthy; when that
/// fails, and the call may be repeated, to the next. Endpoints are trusted to say the truth, not to answer: a node that
/// lies is not found out by asking others.
/// </summary>
public sealed partial class RpcClient : IDisposable
{
    private readonly RpcOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly RpcEndpoint[] _endpoints;
    private readonly SemaphoreSlim _checking = new(1);
    private long _checks;

    /// <summary>Connects to nothing yet: endpoints are checked at the first call.</summary>
    /// <param name="options">The endpoints and limits.</param>
    /// <param name="time">Measures time-outs and pauses.</param>
    /// <param name="random">Spreads the pauses; used under a lock.</param>
    /// <param name="logger">Hears of endpoints that fail.</param>
    /// <param name="handler">The transport; null for a usual one. It is disposed of with the client.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RpcClient(
        RpcOptions options, TimeProvider time, Random random, ILogger<RpcClient> logger,
        HttpMessageHandler? handler = null)
    {
        options.Validate();
        _options = options;
        _time = time;
        _logger = logger;
        _http = new HttpClient(handler ?? CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var shared = new SharedRandom(random);
        _endpoints =
        [
            .. options.Endpoints.Select(
                endpoint => new RpcEndpoint(new RpcConnection(_http, endpoint, options, time), options, time, shared)),
        ];
    }

    /// <summary>The EIP-155 id of the chain; every endpoint that is used was seen to be of it.</summary>
    public ulong ChainId => _options.ChainId;

    /// <summary>What is known of the endpoints, in the order of the options.</summary>
    public IReadOnlyList<RpcEndpointStatus> Endpoints => [.. _endpoints.Select(static endpoint => endpoint.Status)];

    /// <summary>Makes one call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="RpcErrorException">The node refused the call.</exception>
    /// <exception cref="RpcException">There is no answer that can be used.</exception>
    public async Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken = default)
    {
        return (await CallAsync([call], cancellationToken))[0].Result;
    }

    /// <summary>Makes several calls in one request, so that the same endpoint answers all of them.</summary>
    /// <param name="calls">The calls: 1 to 1,000. They are repeated only if all may be.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>A reply to each call, in the same order.</returns>
    /// <exception cref="RpcException">
    /// There is no answer that can be used. Never <see cref="RpcErrorException"/>.
    /// </exception>
    public async Task<IReadOnlyList<RpcReply>> CallAsync(
        IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(calls.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(calls.Count, 1000);
        var attempts = calls.All(static call => call.IsRepeatable) ? _options.Attempts : 1;
        for (var attempt = 1; ; attempt++)
        {
            var endpoint = await ConnectAsync(cancellationToken);
            var began = _time.GetTimestamp();
            try
            {
                var replies = await endpoint.Connection.SendAsync(calls, cancellationToken);
                endpoint.Succeed();
                return replies;
            }
            catch (RpcException error) when (error is not RpcTooLargeException)
            {
                SetAside(endpoint, error, began);
                if (attempt >= attempts)
                {
                    throw;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _checking.Dispose();
    }

    // Redirects could lead anywhere, and trace headers are nobody else's business.
    private static SocketsHttpHandler CreateHandler()
    {
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>The endpoint to use now; waits while all are set aside.</summary>
    /// <exception cref="RpcException">No endpoint passed its check, as often as the options allow.</exception>
    private async Task<RpcEndpoint> ConnectAsync(CancellationToken cancellationToken)
    {
        // Checks that other calls make count as well; waking before one is due does not.
        var before = Volatile.Read(ref _checks);
        while (true)
        {
            await CheckAsync(cancellationToken);
            var usable = Array.FindAll(
                _endpoints, static endpoint => endpoint is { IsVerified: true, Remaining.Ticks: 0 });
            if (usable.Length > 0)
            {
                return Array.Find(usable, static endpoint => !endpoint.IsLagging) ?? usable[0];
            }

            // Waiting does not mend a wrong address.
            if (Array.TrueForAll(_endpoints, static endpoint => endpoint.Failure is WrongChainException)
                && _endpoints[0].Failure is WrongChainException wrong)
            {
                throw new WrongChainException(wrong.Expected, wrong.Actual, _endpoints[0].Connection.Name);
            }

            if (Volatile.Read(ref _checks) - before >= _options.Attempts)
            {
                throw new RpcUnreachableException(
                    $"None of {_endpoints.Length} endpoints can be used. "
                    + string.Join(" ", _endpoints.Select(static endpoint => endpoint.Failure?.Message)));
            }

            // Timers count whole milliseconds.
            var pause = _endpoints.Min(static endpoint => endpoint.Remaining);
            await Task.Delay(
                TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds)), _time, cancellationToken);
        }
    }

    /// <summary>Checks the endpoints that are due, and compares all.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var hasOthers = _endpoints.Length > 1;
        bool IsDue(RpcEndpoint endpoint) => endpoint.Remaining == TimeSpan.Zero && endpoint.IsCheckDue(hasOthers);
        if (!Array.Exists(_endpoints, IsDue))
        {
            return;
        }

        await _checking.WaitAsync(cancellationToken);
        try
        {
            var due = Array.FindAll(_endpoints, IsDue);
            await Task.WhenAll(due.Select(endpoint => CheckOneAsync(endpoint, cancellationToken)));
            if (due.Length > 0)
            {
                Interlocked.Increment(ref _checks);
            }

            var verified = Array.FindAll(_endpoints, static endpoint => endpoint.IsVerified);
            var best = verified.Length == 0 ? 0 : verified.Max(static endpoint => endpoint.Head);
            foreach (var endpoint in verified)
            {
                endpoint.Lag = best - endpoint.Head;
            }
        }
        finally
        {
            _checking.Release();
        }
    }

    private async Task CheckOneAsync(RpcEndpoint endpoint, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        try
        {
            await endpoint.CheckAsync(cancellationToken);
        }
        catch (RpcException error)
        {
            SetAside(endpoint, error, began);
        }
    }

    private void SetAside(RpcEndpoint endpoint, RpcException error, long began)
    {
        if (endpoint.Fail(error, began) is { } pause)
        {
            LogSetAside(endpoint.Connection.Name, pause.TotalMilliseconds, error.Message);
        }
    }

    [LoggerMessage(7020, LogLevel.Warning, "The endpoint {Endpoint} is set aside for {Milliseconds} ms. {Reason}")]
    private partial void LogSetAside(string endpoint, double milliseconds, string reason);
}
