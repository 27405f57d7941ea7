using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Tests.Serialization;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>
/// A client whose silo cannot be reached for longer than a message waits. Only the client can call, so that the silo can
/// answer it only when it has come back.
/// </summary>
public sealed class ReconnectionTests : IDisposable
{
    private const int CouldNotConnect = 2502;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1.5);
    private readonly InMemoryCluster _cluster = new();
    private readonly ManualClock _clock = new();
    private readonly LogRecorder _log = new();
    private readonly LocalNode _silo = new("silo", "c", SiloAddress.New(IPAddress.Loopback, FreePorts.Take(1)[0], 1));
    private readonly LocalNode _client = LocalNode.ForClient("client", "c");
    private readonly Received _received = new();
    private readonly TcpTransport _clientTransport;
    private readonly ILoggerFactory _logs;

    public ReconnectionTests()
    {
        _logs = LoggerFactory.Create(logs => logs.AddProvider(_log));
        _clientTransport = NewTransport(_client, _clock);
        _cluster.SetStatus(_silo.Address, SiloStatus.Active);
    }

    public void Dispose()
    {
        _clientTransport.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Silo_AwayForHalfAMinute_IsConnectedAgainWithoutACall()
    {
        await _clientTransport.StartAsync(_client.Address, _received, CancellationToken.None);
        for (var tries = 1; tries <= 20; tries++)
        {
            await PauseAfter(tries);
            _clock.Advance(LongestPause);
        }

        await PauseAfter(21);
        using var back = NewTransport(_silo, TimeProvider.System);
        await back.StartAsync(_silo.Address, new Received(), CancellationToken.None);
        _clock.Advance(LongestPause);

        await Signals.Until(() => back.PeerCount == 1, "the client's connection");
        back.Send(new Message
        {
            Kind = MessageKind.Response,
            Id = 7,
            SendingSilo = _silo.Address,
            TargetSilo = _client.Address,
            Body = new FailedResponse(new TimeoutException()),
        });
        await Signals.Until(() => _received.Ids.Contains(7), "the silo's answer");
    }

    [Fact]
    public async Task Message_SiloAwayForTooLong_ComesBackAndTheNextOneArrives()
    {
        await _clientTransport.StartAsync(_client.Address, _received, CancellationToken.None);
        await PauseAfter(1);
        _clientTransport.Send(Cancellation(1));
        for (var tries = 1; !_received.Undeliverable.Contains(1); tries++)
        {
            Assert.True(tries < 20, "A message waits for 10 seconds.");
            await PauseAfter(tries);
            _clock.Advance(LongestPause);
            await Signals.Until(() => _log.Lines(CouldNotConnect).Count() > tries, "one more try");
        }

        using var back = NewTransport(_silo, TimeProvider.System);
        var atSilo = new Received();
        await Signals.Until(() => _clock.HasTimers(1), "the pause before the next try");
        await back.StartAsync(_silo.Address, atSilo, CancellationToken.None);
        _clientTransport.Send(Cancellation(2));
        _clock.Advance(LongestPause);

        await Signals.Until(() => atSilo.Ids.Contains(2), "the message that was sent when the silo was back");
        Assert.DoesNotContain(1, atSilo.Ids);
    }

    /// <summary>A try that failed, and the pause after it: nothing else waits for the clock then.</summary>
    private Task PauseAfter(int tries)
    {
        return Signals.Until(
            () => _log.Lines(CouldNotConnect).Count() >= tries && _clock.HasTimers(1), $"the pause after try {tries}");
    }

    private Message Cancellation(long id)
    {
        return new Message
        {
            Kind = MessageKind.Cancel,
            Id = id,
            SendingSilo = _client.Address,
            TargetSilo = _silo.Address,
            TargetGrain = GrainId.Create("any", "x"),
        };
    }

    private TcpTransport NewTransport(LocalNode node, TimeProvider clock)
    {
        return new TcpTransport(
            node,
            new InMemoryMembership(_cluster, node, clock),
            new MessageFormat(Wire.Serializer, GrainAssemblies.Load()),
            Options.Create(new TransportOptions { ClusterSecret = TcpCluster.Secret }),
            Options.Create(new EndpointOptions()),
            clock,
            _logs.CreateLogger<TcpTransport>());
    }

    private sealed class Received : IMessageReceiver
    {
        public ConcurrentBag<long> Ids { get; } = [];

        public ConcurrentBag<long> Undeliverable { get; } = [];

        public void OnMessage(Message message)
        {
            Ids.Add(message.Id);
        }

        public void OnUndeliverable(Message message)
        {
            Undeliverable.Add(message.Id);
        }
    }
}
