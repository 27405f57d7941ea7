namespace BTTInferGrid.Chain.Rpc;

/// <summary>Where the nodes of a chain are, and how patient their client is.</summary>
public sealed record RpcOptions
{
    /// <summary>
    /// The <c>http</c> or <c>https</c> addresses of nodes of one chain, the preferred first: 1 to 16. They may hold API
    /// keys in user info, path or query; only scheme, host and port are ever shown.
    /// </summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>The EIP-155 id of the chain that every endpoint must be of; more than 0.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How long one attempt may take: 10 ms to 10 minutes. Default 10 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest answer that is read: 1 KiB to 256 MiB. Default 16 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 16 << 20;

    /// <summary>Attempts at a call that may be repeated, over all endpoints: 1 to 100. Default 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>
    /// How long an endpoint is set aside after its first failure: 1 ms to <see cref="MaxPause"/>. It doubles with each
    /// failure in a row, and up to half of it is taken off by chance. Default 250 ms.
    /// </summary>
    public TimeSpan MinPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest that an endpoint is set aside before it is asked again: at most one hour. Default 30 s.
    /// </summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often several endpoints are compared with each other: 10 ms to one hour. Default 15 s.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Blocks that an endpoint may be behind the others before they are preferred: 0 to 10,000. Default 5.
    /// </summary>
    public int MaxLag { get; init; } = 5;

    /// <exception cref="ArgumentException">A value is out of range; the message names it and its range.</exception>
    internal void Validate()
    {
        Require(Endpoints is { Count: >= 1 and <= 16 }, nameof(Endpoints), "1 to 16 addresses");
        foreach (var endpoint in Endpoints)
        {
            Require(
                endpoint is { IsAbsoluteUri: true, Scheme: "http" or "https" }, nameof(Endpoints),
                "absolute http or https addresses");
        }

        Require(ChainId > 0, nameof(ChainId), "more than 0");
        Require(IsBetween(CallTimeout, 10, 600_000), nameof(CallTimeout), "10 ms to 10 minutes");
        Require(MaxResponseBytes is >= 1 << 10 and <= 256 << 20, nameof(MaxResponseBytes), "1 KiB to 256 MiB");
        Require(Attempts is >= 1 and <= 100, nameof(Attempts), "1 to 100");
        Require(IsBetween(MaxPause, 1, 3_600_000), nameof(MaxPause), "1 ms to 1 hour");
        Require(MinPause >= TimeSpan.FromMilliseconds(1) && MinPause <= MaxPause, nameof(MinPause), "1 ms to MaxPause");
        Require(IsBetween(HealthInterval, 10, 3_600_000), nameof(HealthInterval), "10 ms to 1 hour");
        Require(MaxLag is >= 0 and <= 10_000, nameof(MaxLag), "0 to 10,000 blocks");
    }

    private static bool IsBetween(TimeSpan value, int minMilliseconds, int maxMilliseconds)
    {
        return value.TotalMilliseconds >= minMilliseconds && value.TotalMilliseconds <= maxMilliseconds;
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(RpcOptions)}.{name} must be {range}.", name);
        }
    }
}
