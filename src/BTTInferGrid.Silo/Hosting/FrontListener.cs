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

    /// <param name="kestrel">What listens.</param>
    /// <param name="front">Where it listens.</param>
    /// <param name="withMiners">
    /// Whether this program starts miners of its own. They dial an address for which no certificate is valid, so a front with one listens
    /// for them on loopback as well, without TLS.
    /// </param>
    /// <exception cref="StartException">The certificate cannot be used.</exception>
    public static void Configure(KestrelServerOptions kestrel, FrontSection front, bool withMiners)
    {
        var tls = TlsOf(front);
        kestrel.AddServerHeader = false;
        kestrel.UseFrontLimits();
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;

        // A proxy that ends TLS presents another scheme than the transport's.
        kestrel.AllowAlternateSchemes = true;
        var address = IPAddress.Parse(front.Address);
        kestrel.Listen(address, front.Port, listen => _ = tls is null ? listen.UseHttp2Preface() : listen.UseHttps(tls));
        if (front.LinkPort is { } port)
        {
            kestrel.Listen(address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                _ = tls is null ? listen : listen.UseHttps(tls);
            });
        }

        if (tls is not null && withMiners)
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        }
    }

    /// <summary>Answers nothing but links on the port that is for links alone.</summary>
    public static void RestrictLinkPort(WebApplication app, FrontSection front)
    {
        if (front.LinkPort is null)
        {
            return;
        }

        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort == front.LinkPort && context.Connection.LocalPort != front.Port
                && !context.Request.Path.StartsWithSegments(Telemetry.LinkPath, StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            return next(context);
        });
    }

    /// <summary>Where miners of the same program dial, of the addresses on which the server listens.</summary>
    public static Uri MinersAddress(ICollection<string> addresses) =>
        ReadyMessage.Reachable(new Uri(addresses.FirstOrDefault(static one => one.StartsWith("http:", StringComparison.Ordinal)) ?? addresses.First()));

    private static HttpsConnectionAdapterOptions? TlsOf(FrontSection front)
    {
        if (front.CertificateFile is null)
        {
            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(front.CertificateFile);
            return new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(front.CertificateFile, front.KeyFile),
                ServerCertificateChain = chain,
            };
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"front.certificateFile {front.CertificateFile} and front.keyFile {front.KeyFile} cannot be used: {error.Message}", error);
        }
    }
}
