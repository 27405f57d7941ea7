using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>How silos and clients of a cluster reach and recognise each other over the network.</summary>
public sealed class TransportOptions
{
    /// <summary>
    /// What all silos and clients of the cluster know; it is never sent. It keeps strangers out and does not encrypt. Make
    /// it long and random: who reads along can try guesses. Null or empty: whoever reaches the port is let in, unless
    /// there is a <see cref="Certificate"/>.
    /// </summary>
    public string? ClusterSecret { get; set; }

    /// <summary>
    /// This node's certificate, with its private key. If set, all connections use TLS, and both ends show a certificate.
    /// Null: connections are not encrypted.
    /// </summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>
    /// Whether another node's certificate is accepted. Null: it is the same as <see cref="Certificate"/>; or the system
    /// trusts its chain and it names the host, where a caller's host is not known and the cluster secret is needed too.
    /// </summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; set; }

    /// <summary>
    /// Lets a silo without secret and certificate listen beyond its own machine. Whoever reaches its port can then call
    /// every grain and pose as a silo: only for networks that nobody else is in. False.
    /// </summary>
    public bool AllowUnauthenticated { get; set; }

    /// <summary>
    /// Bytes that may wait to be written to one other node; a message beyond that is refused. 32 MiB; more than 0.
    /// </summary>
    public int MaxQueuedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long a message waits for a connection: to a silo that is not reachable, or of a client that is not connected.
    /// 10 seconds; more than 0.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <exception cref="OrleansConfigurationException">Strangers could reach the endpoint and would be let in.</exception>
    internal void CheckListening(IPEndPoint endpoint)
    {
        if (!IPAddress.IsLoopback(endpoint.Address) && string.IsNullOrEmpty(ClusterSecret) && Certificate is null
            && !AllowUnauthenticated)
        {
            throw new OrleansConfigurationException(
                $"The silo would listen at {endpoint} and let in whoever comes. Set {nameof(TransportOptions)}."
                + $"{nameof(ClusterSecret)} or {nameof(Certificate)}, the same for all silos and clients; or listen at a "
                + $"loopback address ({nameof(EndpointOptions)}.{nameof(EndpointOptions.SiloListeningEndpoint)}); or, in a "
                + $"network of the cluster's own, set {nameof(AllowUnauthenticated)}.");
        }
    }
}
