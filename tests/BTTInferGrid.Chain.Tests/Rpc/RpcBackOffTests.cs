using System.Collections.Concurrent;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Rpc;

/// <summary>Pauses, in a time that the test owns.</summary>
public sealed class RpcBackOffTests
{
    private static readonly Uri Endpoint = new("http://node.example/secret-key");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Call_EndpointThatFails_IsAskedAfterPausesThatDouble()
    {
        using var transport = new DeadTransport(_clock);
        var options = new RpcOptions
        {
            Endpoints = [Endpoint],
            ChainId = 1,
            Attempts = 6,
            MinPause = TimeSpan.FromSeconds(1),
            MaxPause = TimeSpan.FromSeconds(8),
        };
        using var client = new RpcClient(options, _clock, new Random(5), NullLogger<RpcClient>.Instance, transport);

        var call = client.CallAsync(RpcCall.Repeatable("eth_blockNumber"));
        while (!call.IsCompleted)
        {
            // A step is shorter than any pause, so each request is seen at its time to within a step.
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<RpcUnreachableException>(() => call);
        Assert.DoesNotContain("secret-key", error.ToString(), StringComparison.Ordinal);
        var times = transport.Times.ToArray();
        Assert.Equal(6, times.Length);
        TimeSpan[] pauses = [.. times.Skip(1).Zip(times, static (later, earlier) => later - earlier)];
        double[] most = [1, 2, 4, 8, 8];
        Assert.All(
            pauses.Zip(most), static pair => Assert.InRange(pair.First.TotalSeconds, pair.Second / 2, double.MaxValue));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.5, 0.75)]
    [InlineData(0.999, 0.5005)]
    public void Fail_Chance_TakesOffUpToHalf(double chance, double seconds)
    {
        var endpoint = CreateEndpoint(chance);

        var pause = endpoint.Fail(new RpcUnreachableException("no"), _clock.GetTimestamp());

        Assert.Equal(seconds, pause!.Value.TotalSeconds, 4);
        Assert.Equal(pause, endpoint.Remaining);
        _clock.Advance(pause.Value);
        Assert.Equal(TimeSpan.Zero, endpoint.Remaining);
    }

    [Fact]
    public void Fail_InARow_DoublesUpToTheMost()
    {
        var endpoint = CreateEndpoint(0);
        var pauses = new List<double>();
        for (var failure = 0; failure < 6; failure++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            pauses.Add(endpoint.Fail(new RpcUnreachableException("no"), _clock.GetTimestamp())!.Value.TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 8, 8], pauses);
        endpoint.Succeed();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, endpoint.Fail(new RpcUnreachableException("no"), _clock.GetTimestamp())!.Value.TotalSeconds);
    }

    [Fact]
    public void Fail_CallsThatBeganTogether_CountOnce()
    {
        var endpoint = CreateEndpoint(0);
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(endpoint.Fail(new RpcUnreachableException("no"), began));
        Assert.Null(endpoint.Fail(new RpcUnreachableException("no"), began));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Create_AttemptsOutOfRange_AreRefused(int attempts)
    {
        var options = new RpcOptions { Endpoints = [Endpoint], ChainId = 1, Attempts = attempts };

        var error = Assert.Throws<ArgumentException>(
            () => new RpcClient(options, _clock, new Random(1), NullLogger<RpcClient>.Instance));

        Assert.Contains("RpcOptions.Attempts must be 1 to 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_AddressThatIsNotHttp_IsRefusedAndNotShown()
    {
        var options = new RpcOptions { Endpoints = [new Uri("ftp://user:hunter2@node")], ChainId = 1 };

        var error = Assert.Throws<ArgumentException>(
            () => new RpcClient(options, _clock, new Random(1), NullLogger<RpcClient>.Instance));

        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private RpcEndpoint CreateEndpoint(double chance)
    {
        var options = new RpcOptions
        {
            Endpoints = [Endpoint],
            ChainId = 1,
            MinPause = TimeSpan.FromSeconds(1),
            MaxPause = TimeSpan.FromSeconds(8),
        };
        return new RpcEndpoint(
            new RpcConnection(new HttpClient(), Endpoint, options, _clock), options, _clock, new FixedRandom(chance));
    }

    private sealed class FixedRandom(double chance) : Random
    {
        public override double NextDouble() => chance;
    }

    private sealed class DeadTransport(TimeProvider time) : HttpMessageHandler
    {
        public ConcurrentQueue<DateTimeOffset> Times { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Times.Enqueue(time.GetUtcNow());
            throw new HttpRequestException($"{request.RequestUri} is dead.");
        }
    }
}
