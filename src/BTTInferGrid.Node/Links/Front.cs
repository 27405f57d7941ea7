using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using BTTInferGrid.Link;
using Grpc.Net.Client;

namespace BTTInferGrid.Node.Links;

/// <summary>The way to one front of a grid.</summary>
internal static class Front
{
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(5);

    /// <summary>The host of an address as a proof names it: in lower case, without the port.</summary>
    public static string AudienceOf(Uri front) =>
        (front.HostNameType == UriHostNameType.IPv6 ? front.Host : front.IdnHost).ToLowerInvariant();

    /// <summary>A channel with one connection, of which nothing is shared with other sessions.</summary>
    public static GrpcChannel Open(Uri front, X509Certificate2Collection? trustedRoots) =>
        GrpcChannel.ForAddress(front, new GrpcChannelOptions
        {
            HttpHandler = HandlerOf(trustedRoots),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LinkProtocol.MaxMessageToNode,
            MaxSendMessageSize = LinkProtocol.MaxMessageFromNode,

            // The limit of a message counts its compressed bytes, so none may be compressed.
            CompressionProviders = [],
        });

    private static SocketsHttpHandler HandlerOf(X509Certificate2Collection? trustedRoots)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            KeepAlivePingDelay = PingPeriod,
            KeepAlivePingTimeout = PingPeriod,
        };
        if (trustedRoots is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            policy.CustomTrustStore.AddRange(trustedRoots);
            policy.RevocationMode = X509RevocationMode.NoCheck;
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }
}
