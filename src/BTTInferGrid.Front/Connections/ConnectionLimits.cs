using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BTTInferGrid.Front.Connections;

/// <summary>
/// What one client can hold of the server without sending a whole request: connections that send slowly, or nothing, are
/// ended. <c>docs/configuration.md</c> lists the values.
/// </summary>
public static class ConnectionLimits
{
    // The server does not tell them apart when they connect. Links are limited again by LinkOptions.MaxSessions.
    private const int MaxClients = 4096;
    private const int MaxLinks = 20_000;

    // At these rates the largest body of a request takes less than two minutes, and a phone's connection is fast enough.
    private const double BytesPerSecond = 10 << 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Sets the limits of the front's server.</summary>
    /// <param name="kestrel">The server's options.</param>
    public static void UseFrontLimits(this KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = MaxClients + MaxLinks;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, Grace);
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, Grace);
    }
}
