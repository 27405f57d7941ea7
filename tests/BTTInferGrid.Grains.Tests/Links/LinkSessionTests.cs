using System.Collections.Immutable;
using System.Threading.Channels;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Grpc.Core;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;
using Status = BTTInferGrid.Link.V1.Status;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>How long a session puts up with silence, by a clock that the test moves.</summary>
public sealed class LinkSessionTests : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private readonly Stream _stream = new();
    private readonly Channel<bool> _reports = Channel.CreateUnbounded<bool>();
    private readonly CancellationTokenSource _connection = new();
    private readonly LinkSession _session;
    private readonly Task<Goodbye> _end;

    public LinkSessionTests()
    {
        _session = new LinkSession("miner", new LinkOptions(), _clock);
        _end = _session.RunAsync(
            _stream,
            _stream,
            static (_, _) => Task.CompletedTask,
            () =>
            {
                _reports.Writer.TryWrite(true);
                return Task.CompletedTask;
            },
            _connection.Token);
        _stream.Receive(new FromNode { Offer = new Offer { Model = "m", Profile = "p", ContextTokens = 1, Slots = 1 } });
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.CancelAsync();
        await ((Task)_end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Dispose();
    }

    [Fact]
    public async Task Check_IdleNodeSilent_EndsAfterItsTimeAndNotBefore()
    {
        await StatusAsync();
        Pass(LinkProtocol.IdleSilence);
        await StatusAsync();
        Pass(LinkProtocol.IdleSilence);
        _end.IsCompleted.Should().BeFalse();

        Pass(Moment);

        (await EndAsync()).Reason.Should().Be(Reason.Silent);
    }

    [Fact]
    public async Task Check_NodeOffersNothing_EndsAfterItsTimeAndNotBefore()
    {
        var session = new LinkSession("other", new LinkOptions(), _clock);
        var stream = new Stream();
        var end = session.RunAsync(
            stream, stream, static (_, _) => Task.CompletedTask, static () => Task.CompletedTask, _connection.Token);
        Pass(LinkProtocol.HandshakeTimeout, session);
        end.IsCompleted.Should().BeFalse();

        Pass(Moment, session);

        var goodbye = await EndAsync(end);
        goodbye.Reason.Should().Be(Reason.Silent);
        goodbye.Text.Should().Be("it offered nothing.");
    }

    [Fact]
    public async Task Check_BusyNodeSilent_EndsAfterTheShorterTimeAndItsJobIsLost()
    {
        await StatusAsync();
        await using var job = Generate().GetAsyncEnumerator();
        var step = job.MoveNextAsync().AsTask();
        Pass(LinkProtocol.BusySilence);
        _end.IsCompleted.Should().BeFalse();

        Pass(Moment);

        (await EndAsync()).Reason.Should().Be(Reason.Silent);
        var wait = () => step;
        await wait.Should().ThrowAsync<MinerLostException>();
    }

    [Fact]
    public async Task Check_NodeDoesNotRead_EndsThoughItSends()
    {
        _stream.Block();
        await StatusAsync();
        await _stream.BlockedAsync();
        Pass(LinkProtocol.IdleSilence);
        await StatusAsync();
        _end.IsCompleted.Should().BeFalse();

        Pass(Moment);

        _stream.Unblock();
        (await EndAsync()).Reason.Should().Be(Reason.TooSlow);
    }

    [Fact]
    public async Task Check_JobBeginsLongAfterTheLastMessage_CountsFromItsBeginning()
    {
        await StatusAsync();
        Pass(LinkProtocol.BusySilence);
        await using var job = Generate().GetAsyncEnumerator();
        _ = job.MoveNextAsync().AsTask();

        Pass(LinkProtocol.BusySilence);
        _end.IsCompleted.Should().BeFalse();
        Pass(Moment);

        (await EndAsync()).Reason.Should().Be(Reason.Silent);
    }

    [Fact]
    public async Task Check_ThisSideHandlesAMessage_IsNotTheSilenceOfTheNode()
    {
        var handling = new TaskCompletionSource();
        var handled = new SemaphoreSlim(0);
        var session = new LinkSession("other", new LinkOptions(), _clock);
        var stream = new Stream();
        var end = session.RunAsync(
            stream,
            stream,
            (_, _) =>
            {
                handled.Release();
                return handling.Task;
            },
            static () => Task.CompletedTask,
            _connection.Token);
        stream.Receive(new FromNode { Offer = new Offer() });
        await handled.WaitAsync();
        Pass(10 * LinkProtocol.IdleSilence, session);
        end.IsCompleted.Should().BeFalse();

        handling.SetResult();
        await stream.HandledAsync();
        Pass(LinkProtocol.IdleSilence, session);
        end.IsCompleted.Should().BeFalse();
        Pass(Moment, session);

        (await EndAsync(end)).Reason.Should().Be(Reason.Silent);
    }

    [Fact]
    public async Task Generate_NodeDoesNotRead_FindsItBusyBeforeMemoryRunsOut()
    {
        _stream.Block();
        await StatusAsync();
        var prompt = ImmutableArray.CreateRange(Enumerable.Repeat(1 << 20, 1_000_000));
        var jobs = new List<IAsyncEnumerator<JobEvent>>();
        var busy = 0;
        for (var i = 0; i < 20; i++)
        {
            var job = Generate(prompt).GetAsyncEnumerator();
            var step = job.MoveNextAsync().AsTask();
            busy += step.Exception?.InnerException is MinerBusyException ? 1 : 0;
            jobs.Add(job);
            if (!step.IsCompleted)
            {
                (await Task.WhenAny(step, Task.CompletedTask)).Should().NotBe(step);
            }
        }

        busy.Should().BeInRange(14, 19, "each prompt has 3 MiB, and a few of them fit");
        _stream.Unblock();
    }

    [Fact]
    public async Task Generate_AfterTheEnd_IsLost()
    {
        _session.Close(Reason.Busy, "for the test");
        await EndAsync();

        var generate = async () =>
        {
            await using var job = Generate().GetAsyncEnumerator();
            await job.MoveNextAsync();
        };

        await generate.Should().ThrowAsync<MinerLostException>();
    }

    [Fact]
    public async Task Generate_NodeDrains_FindsItBusy()
    {
        _stream.Receive(new FromNode { Status = new Status { Draining = true } });
        await _reports.Reader.ReadAsync();

        var generate = async () =>
        {
            await using var job = Generate().GetAsyncEnumerator();
            await job.MoveNextAsync();
        };

        await generate.Should().ThrowAsync<MinerBusyException>();
    }

    [Fact]
    public async Task Generate_ReaderLeaves_TheNodeIsToldOnce()
    {
        await StatusAsync();
        using var leave = new CancellationTokenSource();
        var job = _session.Generate(Request([1]), leave.Token).GetAsyncEnumerator(CancellationToken.None);
        var step = job.MoveNextAsync().AsTask();
        (await _stream.SentAsync(ToNode.KindOneofCase.Generate)).Generate.Job.Should().Be(1);

        await leave.CancelAsync();

        var wait = () => step;
        await wait.Should().ThrowAsync<OperationCanceledException>();
        (await _stream.SentAsync(ToNode.KindOneofCase.Cancel)).Cancel.Job.Should().Be(1);
        await job.DisposeAsync();
        _session.Jobs.Should().Be(0);
    }

    [Fact]
    public async Task Status_SaysThatJobsWait_ReachesThemBesideOneThatDoesNot()
    {
        await StatusAsync();
        var one = Generate().GetAsyncEnumerator();
        var other = Generate().GetAsyncEnumerator();
        var first = one.MoveNextAsync().AsTask();
        var second = other.MoveNextAsync().AsTask();

        // All of its jobs cannot wait for each other, and what it has not got does not wait.
        await StatusAsync(1, 2);
        await StatusAsync(0, 3, ulong.MaxValue);
        first.IsCompleted.Should().BeFalse();
        second.IsCompleted.Should().BeFalse();
        await StatusAsync(2);

        (await second).Should().BeTrue();
        other.Current.Should().BeOfType<JobWaiting>();
        first.IsCompleted.Should().BeFalse();
        await other.DisposeAsync();
    }

    private static GenerateRequest Request(ImmutableArray<int> prompt) => new(
        "job-1", new JobRequest("m", "p", 1 << 21, prompt, new SamplingOptions(), 8, [], null), 0, []);

    private IAsyncEnumerable<JobEvent> Generate(ImmutableArray<int> prompt = default) =>
        _session.Generate(Request(prompt.IsDefault ? [1] : prompt), CancellationToken.None);

    /// <summary>Checks once a second, as the hub does. The first check finds only what has happened before it.</summary>
    private void Pass(TimeSpan time, LinkSession? session = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Moment)
        {
            _clock.Advance(Moment);
            (session ?? _session).Check(Moment);
        }
    }

    private async Task StatusAsync(params ulong[] waiting)
    {
        _stream.Receive(new FromNode { Status = new Status { WaitingJobs = { waiting } } });
        await _reports.Reader.ReadAsync();
        await _stream.HandledAsync();
    }

    // The time of the Goodbye to a node that does not read is on the test's clock as well.
    private Task<Goodbye> EndAsync() => EndAsync(_end);

    private async Task<Goodbye> EndAsync(Task<Goodbye> end)
    {
        await Poll.UntilAsync(
            () =>
            {
                _clock.Advance(Moment);
                return Task.FromResult(end.IsCompleted);
            },
            static ended => ended,
            Patience);
        return await end;
    }

    /// <summary>Both directions of a stream without a network.</summary>
    private sealed class Stream : IAsyncStreamReader<FromNode>, IServerStreamWriter<ToNode>
    {
        private readonly Channel<FromNode> _received = Channel.CreateUnbounded<FromNode>();
        private readonly Channel<ToNode> _sent = Channel.CreateUnbounded<ToNode>();
        private readonly SemaphoreSlim _blocked = new(0);
        private readonly SemaphoreSlim _moves = new(0);
        private TaskCompletionSource _open = Opened();
        private int _given;
        private int _awaited;

        public FromNode Current { get; private set; } = new();

        public WriteOptions? WriteOptions { get; set; }

        public void Receive(FromNode message)
        {
            _given++;
            _received.Writer.TryWrite(message);
        }

        public void Block() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Unblock() => _open.TrySetResult();

        /// <summary>Waits until a message cannot be written.</summary>
        public Task BlockedAsync() => _blocked.WaitAsync();

        /// <summary>Waits until all messages so far are handled, and the next is awaited.</summary>
        public async Task HandledAsync()
        {
            for (; _awaited <= _given; _awaited++)
            {
                await _moves.WaitAsync();
            }
        }

        public async Task<ToNode> SentAsync(ToNode.KindOneofCase kind)
        {
            using var limit = new CancellationTokenSource(Patience);
            while (true)
            {
                var message = await _sent.Reader.ReadAsync(limit.Token);
                if (message.KindCase == kind)
                {
                    return message;
                }
            }
        }

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            _moves.Release();
            Current = await _received.Reader.ReadAsync(cancellationToken);
            return true;
        }

        public Task WriteAsync(ToNode message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(ToNode message, CancellationToken cancellationToken)
        {
            if (!_open.Task.IsCompleted)
            {
                _blocked.Release();
            }

            await _open.Task.WaitAsync(cancellationToken);
            _sent.Writer.TryWrite(message);
        }

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
