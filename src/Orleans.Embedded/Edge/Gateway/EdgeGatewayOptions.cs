namespace Orleans.Embedded.Edge;

/// <summary>What a gateway lets edge silos cost. All limits but the last three are per edge silo.</summary>
public sealed class EdgeGatewayOptions
{
    /// <summary>Bytes of one message, both ways.</summary>
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes that wait to be sent to it.</summary>
    public int MaxQueuedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Calls by the edge silo that have no answer yet. More are refused, not executed.</summary>
    public int MaxPendingCalls { get; set; } = 256;

    /// <summary>Calls to the edge silo that have no answer yet. More are refused, not executed.</summary>
    public int MaxPendingRequests { get; set; } = 1024;

    /// <summary>Enumerations that the edge silo has open.</summary>
    public int MaxOpenStreams { get; set; } = 64;

    /// <summary>Calls by the edge silo, in the long run. More are refused, not executed.</summary>
    public double CallsPerSecond { get; set; } = 500;

    /// <summary>Calls by the edge silo that may come at once.</summary>
    public int CallBurst { get; set; } = 1000;

    /// <summary>Messages that are refused in a minute before the connection is closed.</summary>
    public int MaxRefusalsPerMinute { get; set; } = 100;

    /// <summary>How often a connection without traffic is heard of, and who is gone is noticed after five of it.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the directory is asked whether the edge silo is still connected here and nowhere else.</summary>
    public TimeSpan RecheckPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an edge silo may take to prove who it is; its challenge expires then.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at once that have not proved yet who they are.</summary>
    public int MaxHandshakes { get; set; } = 256;

    /// <summary>Edge silos at this gateway.</summary>
    public int MaxEdgeSilos { get; set; } = 10_000;
}
