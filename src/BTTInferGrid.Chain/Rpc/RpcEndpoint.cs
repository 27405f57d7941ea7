using System.Text.Json;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>
/// One endpoint and what is known of its health. It is used when its chain id was seen, and set aside for a while when
/// it fails: for twice as long after each failure in a row, less a random part, so that clients do not return all at
/// once.
/// </summary>
internal sealed class RpcEndpoint(RpcConnection connection, RpcOptions options, TimeProvider time, Random random)
{
    private static readonly RpcCall[] Check =
        [RpcCall.Repeatable("eth_chainId"), RpcCall.Repeatable("eth_blockNumber")];

    private readonly Lock _lock = new();
    private bool _isVerified;
    private long? _checked;
    private long _setAside;
    private TimeSpan _pause;
    private int _failures;
    private RpcException? _failure;

    public RpcConnection Connection => connection;

    public ulong Head { get; private set; }

    /// <summary>How far the endpoint is behind the one that is furthest, in blocks.</summary>
    public ulong Lag { get; set; }

    public bool IsLagging => Lag > (ulong)options.MaxLag;

    /// <summary>Why the endpoint is set aside; null if it is not.</summary>
    public RpcException? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    public bool IsVerified
    {
        get
        {
            lock (_lock)
            {
                return _isVerified;
            }
        }
    }

    /// <summary>How long the endpoint is still set aside; zero if it may be used.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                var remaining = _pause - time.GetElapsedTime(_setAside);
                return _failures > 0 && remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    public RpcEndpointStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new(
                    connection.Name, Head, _failure?.Message ?? (IsLagging ? $"{Lag} blocks behind the others" : null));
            }
        }
    }

    /// <summary>
    /// Whether the endpoint must be checked before it is used: it never was, or others may be ahead of it by now.
    /// </summary>
    public bool IsCheckDue(bool hasOthers)
    {
        lock (_lock)
        {
            return !_isVerified || (hasOthers && time.GetElapsedTime(_checked!.Value) >= options.HealthInterval);
        }
    }

    /// <summary>Asks the endpoint for its chain and its newest block.</summary>
    /// <exception cref="RpcException">It does not answer, or is of another chain.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var replies = await connection.SendAsync(Check, cancellationToken);
        var chainId = Quantity.ReadUInt64(ResultOf(replies[0]), connection.Name);
        if (chainId != options.ChainId)
        {
            throw new WrongChainException(options.ChainId, chainId, connection.Name);
        }

        var head = Quantity.ReadUInt64(ResultOf(replies[1]), connection.Name);
        lock (_lock)
        {
            Head = head;
            _checked = time.GetTimestamp();
            _isVerified = true;
            _failure = null;
        }
    }

    public void Succeed()
    {
        lock (_lock)
        {
            _failures = 0;
            _failure = null;
        }
    }

    /// <summary>
    /// Sets the endpoint aside. Calls that began before it was set aside the last time count as one failure.
    /// </summary>
    /// <returns>How long, or null if it is set aside already.</returns>
    public TimeSpan? Fail(RpcException failure, long began)
    {
        lock (_lock)
        {
            if (_failures > 0 && _setAside > began)
            {
                return null;
            }

            var most = Math.Min(options.MinPause.TotalSeconds * Math.Pow(2, _failures), options.MaxPause.TotalSeconds);
            _pause = TimeSpan.FromSeconds(most * (1 - (random.NextDouble() / 2)));
            _failures++;
            _setAside = time.GetTimestamp();
            _isVerified = false;
            _failure = failure;
            return _pause;
        }
    }

    private JsonElement ResultOf(RpcReply reply)
    {
        return reply.Error is null
            ? reply.Result
            : throw new RpcUnreachableException(
                $"{connection.Name} cannot say its chain and block: {reply.Error.NodeMessage}. "
                + RpcUnreachableException.Advice);
    }
}
