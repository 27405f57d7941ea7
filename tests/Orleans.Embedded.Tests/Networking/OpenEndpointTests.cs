using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>Who may reach a silo's endpoint, and who is let in there.</summary>
public sealed class OpenEndpointTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Start_OpenEndpointWithoutAuthentication_FailsAndSaysWhatToDo(string address)
    {
        using var host = NewSilo(address, static _ => { });

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync().Within("the refusal"));

        Assert.Contains(nameof(TransportOptions.ClusterSecret), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TransportOptions.AllowUnauthenticated), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", "the cluster's secret", false)]
    [InlineData("0.0.0.0", null, true)]
    [InlineData("127.0.0.1", "", false)]
    public async Task Start_SecretOrOptOutOrLoopback_Starts(string address, string? secret, bool isAllowed)
    {
        using var host = NewSilo(address, options =>
        {
            options.ClusterSecret = secret;
            options.AllowUnauthenticated = isAllowed;
        });

        await host.StartAsync().Within("the start");
        await host.StopAsync().Within("the stop");
    }

    [Fact]
    public async Task Tls_CertificateWithIssuerAndNumberOfTheClusters_IsRefused()
    {
        using var own = NewCertificate();
        using var forged = NewCertificate();
        Assert.Equal(own, (X509Certificate)forged);
        using var logs = new LogRecorder();
        await using var cluster = await TcpCluster.StartAsync(
            1,
            options =>
            {
                options.ClusterSecret = null;
                options.Certificate = own;
            },
            logs: logs);
        await cluster.Client.GetGrain<IProbeGrain>("tls").Peek().Within("a call with the right certificate");

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(cluster.Silos[0].SiloAddress, cluster.Options.ClusterId, forged));

        await logs.Until(2503, "NotAuthenticated: TLS");
    }

    [Fact]
    public void Client_Addresses_AreOfTheirOwn()
    {
        var addresses = Enumerable.Range(0, 10_000).Select(static _ => LocalNode.ForClient("client", "cluster").Address)
            .ToHashSet();

        Assert.Equal(10_000, addresses.Count);
        Assert.All(addresses, static address =>
        {
            Assert.True(address.IsClient);
            Assert.Equal(address, SiloAddress.FromParsableString(address.ToParsableString()));
        });
    }

    private static IHost NewSilo(string address, Action<TransportOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            var port = FreePorts.Take(1)[0];
            silo.Configure<EndpointOptions>(options =>
            {
                options.SiloPort = port;
                options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Parse(address), port);
            });
            silo.Services.AddInMemoryCluster(static _ => new InMemoryCluster());
            silo.Services.AddTcpTransport();
            silo.Services.Configure(configure);
        });
        return builder.Build();
    }

    private static async Task CallAsync(SiloAddress silo, string cluster, X509Certificate2 certificate)
    {
        var options = new TransportOptions { Certificate = certificate, ValidateCertificate = static (_, remote, _, _) => remote is not null };
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(silo.Endpoint);
        await using var carrier = await Carrier.SecureAsync(socket, options, "127.0.0.1", default);
        var policy = new TestPolicy(
            TcpPeer.NewClientAddress().ToParsableString(), string.Empty, cluster, NodeRole.Client);
        await Handshake.CallAsync(
            carrier, policy, silo.ToParsableString(), TimeSpan.FromSeconds(20), TimeProvider.System, default);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=cluster", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            now.AddDays(-1),
            now.AddDays(1),
            [1, 2, 3]);
        return certificate.CopyWithPrivateKey(key);
    }
}
