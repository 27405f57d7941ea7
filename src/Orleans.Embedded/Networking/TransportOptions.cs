using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Embedded.Networking;

/// <summary>How silos and clients of a cluster reach and recognise each other over the network.</summary>
public sealed class TransportOptions
{
    /// <summary>
    /// What all silos and clients of the cluster know; it is never sent. Null or empty: whoever reaches the port is let
    /// in, so the port must be reachable by the cluster only. It keeps strangers out and does not encrypt.
    /// </summary>
    public string? ClusterSecret { get; set; }

    /// <summary>
    /// This node's certificate, with its private key. If set, all connections use TLS, and both ends show a certificate.
    /// Null: connections are not encrypted.
    /// </summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>
    /// Whether another node's certificate is accepted. Null: it is the same as <see cref="Certificate"/>, or the system
    /// trusts its chain and it names the host.
    /// </summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; set; }

    /// <summary>
    /// Bytes that may wait to be written to one other node; a message beyond that is refused. 32 MiB; more than 0.
    /// </summary>
    public int MaxQueuedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long a message waits for a connection: to a silo that is not reachable, or of a client that is not connected.
    /// 10 seconds; more than 0.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
