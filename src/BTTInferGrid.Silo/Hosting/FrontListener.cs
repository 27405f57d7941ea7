using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BTTInferGrid.Front.Connections;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Silo.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>
/// Listens for HTTP clients and for nodes on one port. With TLS, ALPN chooses between HTTP/1.1 and HTTP/2; without, the
/// preface of HTTP/2 does. A second port for nodes alone is optional.
/// </summary>
internal static class FrontListener
{
    private const int StreamWindow = 1 << 20;
    private const int ConnectionWindow = 2 << 20;
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(5);

    // The server counts its own pauses as the peer's. A silent node is found by its session, so this is for what is left.
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="StartException">The certificate cannot be used.</exception>
    public static void Configure(KestrelServerOptions kestrel, FrontSection front)
    {
        var certificate = CertificateOf(front);
        kestrel.AddServerHeader = false;
        kestrel.UseFrontLimits();
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;

        // A proxy that ends TLS presents another scheme than the transport's.
        kestrel.AllowAlternateSchemes = true;
        var address = IPAddress.Parse(front.Address);
        kestrel.Listen(address, front.Port, listen => _ = certificate is null ? listen.UseHttp2Preface() : UseTls(listen, certificate));
        if (front.LinkPort is { } port)
        {
            kestrel.Listen(address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                _ = certificate is null ? listen : UseTls(listen, certificate);
            });
        }
    }

    private static ListenOptions UseTls(ListenOptions listen, X509Certificate2 certificate) =>
        listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate });

    private static X509Certificate2? CertificateOf(FrontSection front)
    {
        if (front.CertificateFile is null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(front.CertificateFile, front.KeyFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"front.certificateFile {front.CertificateFile} and front.keyFile {front.KeyFile} cannot be used: {error.Message}", error);
        }
    }
}
