namespace BTTInferGrid.Link;

/// <summary>Constants that both sides of a link keep to. <c>Protocol/link.proto</c> has the messages.</summary>
public static class LinkProtocol
{
    /// <summary>The version that this code speaks.</summary>
    public const uint Version = 1;

    /// <summary>The oldest version that a grid accepts.</summary>
    public const uint MinVersion = 1;

    /// <summary>The role of a node that serves jobs.</summary>
    public const string MinerRole = "miner";

    /// <summary>Bytes of each side's nonce.</summary>
    public const int NonceBytes = 32;

    /// <summary>Tokens of one job that a node may have sent and nobody has read.</summary>
    public const int JobCredit = 256;

    /// <summary>Most likely tokens that a job may ask for beside each token.</summary>
    public const int MaxTopLogProbs = 20;

    /// <summary>Largest message from a node, in bytes.</summary>
    public const int MaxMessageFromNode = 1 << 20;

    /// <summary>Largest message to a node, in bytes: a prompt of a million tokens fits.</summary>
    public const int MaxMessageToNode = 8 << 20;

    /// <summary>Longest vector of an embedding.</summary>
    public const int MaxVectorLength = 1 << 16;

    /// <summary>Values of vectors that go into one message; more go into several.</summary>
    public const int VectorValuesPerMessage = 1 << 16;

    /// <summary>Longest text of a fault or a goodbye, in UTF-16 characters.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>Longest time between two messages of each side while no job runs.</summary>
    public static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Longest time between two messages of each side while a job runs.</summary>
    public static readonly TimeSpan BusyPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Silence that ends a session without jobs.</summary>
    public static readonly TimeSpan IdleSilence = TimeSpan.FromSeconds(15);

    /// <summary>Silence that ends a session with jobs.</summary>
    public static readonly TimeSpan BusySilence = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from the connection to the Welcome, and again from there to the first offer.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
}
