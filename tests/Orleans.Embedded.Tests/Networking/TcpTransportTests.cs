using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.Networking;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Networking;

public sealed class TcpTransportTests : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    private IClusterClient Client => Cluster.Client;

    public async Task InitializeAsync()
    {
        _cluster = await TcpCluster.StartAsync(3);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Fact]
    public async Task Call_FromTheClientAndFromEachSilo_IsAnswered()
    {
        var silos = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            silos.Add(await Client.GetGrain<IProbeGrain>($"tcp-{i}").Silo().Within($"call {i} of the client"));
            foreach (var silo in Cluster.Silos)
            {
                await silo.GrainFactory().GetGrain<IProbeGrain>($"tcp-{i}").Peek().Within($"call {i} of {silo.Name}");
            }
        }

        Assert.Equal(3, silos.Count);
    }

    [Fact]
    public async Task Stream_Items_Cross()
    {
        for (var grain = 0; grain < 6; grain++)
        {
            var counts = new List<int>();
            var stream = Client.GetGrain<ICopyGrain>(grain).Stream(new Parcel { Content = [9] }).WithBatchSize(1);
            await foreach (var item in stream)
            {
                counts.Add(item.Content.Count);
            }

            Assert.Equal([1, 2], counts);
        }
    }

    [Fact]
    public async Task Call_LargeArgument_Crosses()
    {
        for (var i = 0; i < 3; i++)
        {
            var letter = new Letter(Enumerable.Range(0, 500_000).ToList());
            var grain = Client.GetGrain<ICopyGrain>(100 + i);

            await grain.KeepLetter(letter).Within("the large call");

            Assert.Equal(letter.Content, (await grain.KeptLetter().Within("the large answer")).Content);
        }
    }

    [Fact]
    public async Task Kill_PendingCalls_FailAndNextCallsActivateElsewhere()
    {
        var (silo, key) = await SiloOfSomeGrainAsync("tcp-kill");
        var pending = Client.GetGrain<IProbeGrain>(key).HoldInterleaved($"{key} held");
        await Signals.Await($"{key} held in");

        await Cluster.KillSiloAsync(silo);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => pending.Within("the broken call"));
        Assert.NotEqual(silo.SiloAddress.ToString(), await Client.GetGrain<IProbeGrain>(key).Silo().Within("a new call"));
    }

    [Fact]
    public async Task Stop_UnderLoad_FailsNoCall()
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await Client.GetGrain<IProbeGrain>($"load-{worker}-{i % 50}").Peek();
                Interlocked.Increment(ref calls);
            }
        })).ToArray();
        await Signals.Until(() => Volatile.Read(ref calls) > 500, "some load");

        await Cluster.StopSiloAsync(Cluster.Silos[1]).Within("the stop");
        var before = Volatile.Read(ref calls);
        await Signals.Until(() => Volatile.Read(ref calls) > before + 500, "more load");
        await stop.CancelAsync();

        await Task.WhenAll(load).Within("the end of the load");
    }

    [Fact]
    public async Task Start_EndpointInUse_FailsAtOnce()
    {
        var taken = Cluster.Silos[0].SiloAddress.Endpoint.Port;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.Configure<EndpointOptions>(options => options.SiloPort = taken);
            silo.Services.AddInMemoryCluster(static _ => new InMemoryCluster());
            silo.Services.AddTcpTransport();
        });
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => host.StartAsync().Within("the refused start"));

        Assert.Contains($"127.0.0.1:{taken}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_StrangersOfAllKinds_AreRefusedAndTheSiloServesOn()
    {
        var endpoint = Cluster.Silos[0].SiloAddress.Endpoint;
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(endpoint);
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            if (i % 3 == 0)
            {
                // A frame whose size is right, of any kind.
                Frame.WriteHeader(bytes.Length < 5 ? bytes = new byte[5] : bytes, (FrameKind)(i % 20), bytes.Length - 5);
            }

            await socket.GetStream().WriteAsync(bytes);
        }

        Assert.True(await Serves());
    }

    [Fact]
    public async Task Connect_OtherSecret_IsRefusedAndTheSiloServesOn()
    {
        var silo = Cluster.Silos[0].SiloAddress;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(silo.Endpoint);
        await using var carrier = Carrier.Plain(
            socket, Carrier.NewFactory(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        var name = SiloAddress.New(IPAddress.Loopback, 1, 1).ToParsableString();
        var policy = new TestPolicy(name, "a guess", Cluster.Options.ClusterId);

        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => Handshake.CallAsync(
            carrier, policy, silo.ToParsableString(), TimeSpan.FromSeconds(20), TimeProvider.System, default));

        Assert.Equal((CloseCode.NotAuthenticated, true), (error.Reason.Code, error.Reason.ByPeer));
        Assert.True(await Serves());
    }

    [Fact]
    public async Task Tls_OneCertificateForAll_CallsCross()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=cluster", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var cluster = await TcpCluster.StartAsync(2, options => options.Certificate = certificate);

        for (var i = 0; i < 10; i++)
        {
            await cluster.Client.GetGrain<IProbeGrain>($"tls-{i}").Peek().Within($"call {i}");
        }
    }

    private async Task<bool> Serves()
    {
        var grain = Client.GetGrain<IProbeGrain>("serves");
        return await grain.Peek().Within("a call") >= 0;
    }

    private async Task<(InProcessSiloHandle Silo, string Key)> SiloOfSomeGrainAsync(string key)
    {
        var address = await Client.GetGrain<IProbeGrain>(key).Silo();
        return (Cluster.Silos.Single(silo => silo.SiloAddress.ToString() == address), key);
    }
}
