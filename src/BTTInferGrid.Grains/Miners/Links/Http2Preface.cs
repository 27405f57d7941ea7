using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 without TLS on one port. Kestrel chooses between them by ALPN, which needs TLS; here a
/// connection that begins with HTTP/2's preface (RFC 9113, section 3.4) is presented as if ALPN had chosen <c>h2</c>.
/// </summary>
/// <remarks>This leans on how Kestrel decides, which a test pins. A front with TLS does not need it.</remarks>
public static class Http2Preface
{
    // Distinguishes the preface from every HTTP/1.1 method.
    private static ReadOnlySpan<byte> Beginning => "PRI * HTTP/2.0\r\n"u8;

    /// <summary>Recognises HTTP/2 by its preface on an endpoint without TLS.</summary>
    public static ListenOptions UseHttp2Preface(this ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;

        // Requests name the scheme http, on connections that look like TLS.
        listen.KestrelServerOptions.AllowAlternateSchemes = true;
        var limits = listen.KestrelServerOptions.Limits;
        var time = listen.ApplicationServices.GetRequiredService<TimeProvider>();
        listen.Use(next => async connection =>
        {
            // Kestrel's own limits count from the first request on; before it, a connection is one that is kept alive.
            using var limit = new CancellationTokenSource(limits.KeepAliveTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
            bool isHttp2;
            try
            {
                isHttp2 = await IsHttp2Async(connection.Transport.Input, either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                return;
            }

            if (isHttp2)
            {
                var feature = new PrefaceFeature();
                connection.Features.Set<ITlsConnectionFeature>(feature);
                connection.Features.Set<ITlsApplicationProtocolFeature>(feature);
            }

            await next(connection);
        });
        return listen;
    }

    private static async Task<bool> IsHttp2Async(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var isHttp2 = Matches(read.Buffer);

            // Nothing is consumed: Kestrel reads the same bytes again.
            input.AdvanceTo(read.Buffer.Start, isHttp2 is null ? read.Buffer.End : read.Buffer.Start);
            if (isHttp2 is { } known)
            {
                return known;
            }

            if (read.IsCompleted)
            {
                return false;
            }
        }
    }

    /// <summary>Null while too few bytes have arrived to decide.</summary>
    private static bool? Matches(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[Beginning.Length];
        var length = (int)Math.Min(buffer.Length, first.Length);
        buffer.Slice(0, length).CopyTo(first);
        return !Beginning.StartsWith(first[..length]) ? false : length == Beginning.Length ? true : null;
    }

    private sealed class PrefaceFeature : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult(ClientCertificate);
    }
}
