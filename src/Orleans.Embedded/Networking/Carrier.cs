using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Orleans.Embedded.Networking;

/// <summary>A socket as a duplex pipe, with TLS on it if there is a certificate. It owns the socket.</summary>
internal sealed class Carrier : IDuplexPipe, IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly IAsyncDisposable _inner;

    private Carrier(PipeReader input, PipeWriter output, IAsyncDisposable inner)
    {
        Input = input;
        Output = output;
        _inner = inner;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Sockets without TLS: the pipes that Kestrel puts around its own.</summary>
    public static SocketConnectionContextFactory NewFactory(ILogger logger)
    {
        // Whoever writes to the pipe writes to the socket, without a change of thread.
        return new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true }, logger);
    }

    public static Carrier Plain(Socket socket, SocketConnectionContextFactory factory)
    {
        ConnectionContext context = factory.Create(socket);
        return new Carrier(context.Transport.Input, context.Transport.Output, context);
    }

    public static async Task<Carrier> SecureAsync(
        Socket socket, TransportOptions options, string? calledHost, CancellationToken cancellationToken)
    {
        var certificate = options.Certificate!;
        // A listener is told no name that the caller's certificate could be checked against: that the system trusts it
        // says only that somebody has one.
        var isTrustEnough = calledHost is not null || !string.IsNullOrEmpty(options.ClusterSecret);
        var validate = options.ValidateCertificate ?? ((_, remote, _, errors) =>
            IsSame(certificate, remote) || (isTrustEnough && errors == SslPolicyErrors.None));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            if (calledHost is null)
            {
                var listener = new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = validate,
                };
                await stream.AuthenticateAsServerAsync(listener, cancellationToken);
            }
            else
            {
                var caller = new SslClientAuthenticationOptions
                {
                    TargetHost = calledHost,
                    ClientCertificates = [certificate],
                    RemoteCertificateValidationCallback = validate,
                };
                await stream.AuthenticateAsClientAsync(caller, cancellationToken);
            }
        }
        catch (AuthenticationException error)
        {
            await stream.DisposeAsync();
            throw new ConnectionClosedException(
                new CloseReason(CloseCode.NotAuthenticated, $"TLS: {error.Message}"), error);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        return new Carrier(PipeReader.Create(stream), PipeWriter.Create(stream), stream);
    }

    public async ValueTask DisposeAsync()
    {
        var end = _inner.DisposeAsync().AsTask();
        try
        {
            await end.WaitAsync(LastWords, TimeProvider.System);
        }
        catch (TimeoutException) when (_inner is ConnectionContext socket)
        {
            // What the peer does not read would keep the socket open for as long as the peer does.
            socket.Abort(new ConnectionAbortedException("The peer does not read."));
            await end;
        }
    }

    /// <summary>Byte by byte: certificates that are equal to .NET have one issuer and number, which anybody can write.</summary>
    private static bool IsSame(X509Certificate2 own, X509Certificate? remote)
    {
        return remote is not null && own.RawDataMemory.Span.SequenceEqual(remote.GetRawCertData());
    }
}
