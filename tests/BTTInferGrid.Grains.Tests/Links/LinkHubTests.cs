using System.Diagnostics.Metrics;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>How a front counts the silence of its nodes, by a clock that the test moves.</summary>
public sealed class LinkHubTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LinkHub _hub;

    public LinkHubTests() => _hub = new LinkHub(
        Options.Create(new LinkOptions()),
        new OfferBudgets(Options.Create(new LinkOptions()), _clock),
        new MinerAttachment(null!, null!, new MinerSessions(), _clock),
        new NeverStopping(),
        _services.GetRequiredService<IMeterFactory>(),
        _clock);

    public void Dispose()
    {
        _hub.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Check_ThisProcessStoodStill_ThePauseIsNobodysSilence()
    {
        await using var node = new SilentNode(_hub, _clock);
        Pass(LinkProtocol.IdleSilence - LinkWatch.Period);

        _clock.Advance(100 * LinkProtocol.IdleSilence);
        _hub.Check();
        node.End.IsCompleted.Should().BeFalse("the front has not looked in the meantime");
        Pass(LinkWatch.Period);

        (await node.End.WaitAsync(TimeSpan.FromSeconds(20))).Reason.Should().Be(Reason.Silent, "its own silence counts before and after the pause");
    }

    [Fact]
    public async Task Check_AgainAndAgainLate_CountsOnePeriodEach()
    {
        await using var node = new SilentNode(_hub, _clock);
        for (var i = 0; i < LinkProtocol.IdleSilence / LinkWatch.Period; i++)
        {
            _clock.Advance(3 * LinkWatch.Period);
            _hub.Check();
            node.End.IsCompleted.Should().BeFalse();
        }

        _hub.Check();
        node.End.IsCompleted.Should().BeFalse("no time has passed");
        Pass(LinkWatch.Period);

        (await node.End.WaitAsync(TimeSpan.FromSeconds(20))).Reason.Should().Be(Reason.Silent);
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += LinkWatch.Period)
        {
            _clock.Advance(LinkWatch.Period);
            _hub.Check();
        }
    }

    /// <summary>A node in session that has made an offer, and then sends and reads nothing.</summary>
    private sealed class SilentNode : IAsyncDisposable, IAsyncStreamReader<FromNode>, IServerStreamWriter<ToNode>
    {
        private readonly CancellationTokenSource _connection = new();
        private bool _hasOffered;

        public SilentNode(LinkHub hub, ManualClock clock)
        {
            var session = new LinkSession("silent", new LinkOptions(), clock);
            hub.Add(session);
            End = session.RunAsync(
                this, this, static (_, _) => Task.CompletedTask, static () => Task.CompletedTask, _connection.Token);
        }

        public Task<Goodbye> End { get; }

        public FromNode Current { get; } = new() { Offer = new Offer() };

        public WriteOptions? WriteOptions { get; set; }

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_hasOffered)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return _hasOffered = true;
        }

        public Task WriteAsync(ToNode message) => Task.CompletedTask;

        public Task WriteAsync(ToNode message, CancellationToken cancellationToken) => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await _connection.CancelAsync();
            await ((Task)End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _connection.Dispose();
        }
    }

    private sealed class NeverStopping : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
