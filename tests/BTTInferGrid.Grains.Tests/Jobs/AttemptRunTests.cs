using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using FluentAssertions;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>How long a miner may take, and how fast it is held to be, by clocks that the test moves.</summary>
public sealed class AttemptRunTests : IDisposable
{
    private const int OutputTokens = 40;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly JobRequest Job = new(
        "model", "profile", Vocabulary.OfBytes().Size, [.. Enumerable.Repeat(1, 256)], new SamplingOptions(), OutputTokens, [], null);

    private readonly ManualClock _clock = new();
    private readonly ManualClock _processClock = new();
    private readonly ProcessPauses _pauses;
    private readonly JobOptions _options = new();
    private readonly Channel<JobEvent> _steps = Channel.CreateUnbounded<JobEvent>();
    private readonly AttemptRun _attempt;

    public AttemptRunTests()
    {
        _pauses = new ProcessPauses(_processClock);
        _attempt = new AttemptRun(
            new AttemptPlan("miner", Job, Vocabulary.OfBytes(), [], default), Read, _options, _clock, _pauses, CancellationToken.None);
    }

    public void Dispose() => _pauses.Dispose();

    [Fact]
    public async Task MoveNext_NothingForTooLong_IsAStall()
    {
        var next = _attempt.MoveNextAsync();

        Pass(_options.FirstTokenTimeout - TimeSpan.FromSeconds(1));
        next.IsCompleted.Should().BeFalse();
        Pass(TimeSpan.FromSeconds(2));

        (await next).Should().BeFalse();
        _attempt.Failure.Should().Be(new AttemptFailure(AttemptOutcome.Stalled, "it sent nothing for 20 s."));
    }

    [Fact]
    public async Task MoveNext_MinerSaysThatTheJobWaits_IsNoStallUntilItWaitsForTooLong()
    {
        var next = _attempt.MoveNextAsync().AsTask();
        for (var waited = TimeSpan.Zero; waited < _options.WaitTimeout; waited += TimeSpan.FromSeconds(1))
        {
            next.IsCompleted.Should().BeFalse();
            Pass(TimeSpan.FromSeconds(1));
            await SendAsync(JobWaiting.Instance);
        }

        Pass(TimeSpan.FromSeconds(1));
        await SendAsync(JobWaiting.Instance);

        (await next).Should().BeFalse();
        _attempt.Failure.Should().Be(new AttemptFailure(AttemptOutcome.Busy, "it let the job wait for 30 s."));
    }

    [Fact]
    public async Task MoveNext_MinerStopsSayingThatTheJobWaits_IsAStall()
    {
        var next = _attempt.MoveNextAsync();
        await SendAsync(JobWaiting.Instance);

        Pass(_options.FirstTokenTimeout + TimeSpan.FromSeconds(3));

        (await next).Should().BeFalse();
        _attempt.Failure!.Value.Outcome.Should().Be(AttemptOutcome.Stalled);
    }

    [Fact]
    public async Task MoveNext_ThisProcessStoodStill_TheLimitBeginsAnew()
    {
        var next = _attempt.MoveNextAsync();

        _processClock.Advance(TimeSpan.FromSeconds(60));
        Pass(TimeSpan.FromSeconds(60), step: TimeSpan.FromSeconds(60));
        next.IsCompleted.Should().BeFalse();
        Pass(_options.FirstTokenTimeout + TimeSpan.FromSeconds(3));

        (await next).Should().BeFalse();
        _attempt.Failure.Should().Be(new AttemptFailure(AttemptOutcome.Stalled, "it sent nothing for 20 s.", IsOurs: true));
    }

    [Fact]
    public async Task MoveNext_MinerIsLostWhileThisProcessStoodStill_IsOurs()
    {
        var next = _attempt.MoveNextAsync();

        _processClock.Advance(TimeSpan.FromSeconds(8));
        _steps.Writer.Complete(new MinerLostException("miner", "its connection ended."));

        (await next).Should().BeFalse();
        _attempt.Failure!.Value.IsOurs.Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(39)]
    public async Task Speed_TokensThatWereHeldUpAndArriveTogether_IsNotFasterThanTheMinerSays(int first)
    {
        await TakeAsync(new JobTokens([.. Enumerable.Repeat(2, first)]), TimeSpan.FromSeconds(1));
        await TakeAsync(new JobTokens([.. Enumerable.Repeat(2, OutputTokens - first)]), TimeSpan.FromMilliseconds(1));
        await TakeAsync(Result(prefill: TimeSpan.FromSeconds(0.5), decode: TimeSpan.FromSeconds(0.5)), TimeSpan.Zero);

        _attempt.Speed.DecodeTokensPerSecond.Should().BeInRange(35, 85);
        _attempt.Speed.PrefillTokensPerSecond.Should().BeApproximately(256, 1);
    }

    [Fact]
    public async Task Speed_MinerThatSaysItIsFaster_IsTheMeasuredOne()
    {
        await TakeAsync(new JobTokens([2]), TimeSpan.FromSeconds(1));
        for (var i = 1; i < OutputTokens; i++)
        {
            await TakeAsync(new JobTokens([2]), TimeSpan.FromMilliseconds(10));
        }

        await TakeAsync(Result(prefill: default, decode: TimeSpan.FromTicks(1)), TimeSpan.Zero);

        _attempt.Speed.DecodeTokensPerSecond.Should().BeApproximately(100, 1);
    }

    [Fact]
    public async Task Speed_MinerThatSaysItTookForever_IsSlow()
    {
        await TakeAsync(new JobTokens([2]), TimeSpan.FromSeconds(1));
        await TakeAsync(new JobTokens([.. Enumerable.Repeat(2, OutputTokens - 1)]), TimeSpan.FromSeconds(1));
        await TakeAsync(Result(TimeSpan.MaxValue, TimeSpan.MaxValue), TimeSpan.Zero);

        _attempt.Speed.PrefillTokensPerSecond.Should().BeInRange(0, 1e-6);
        _attempt.Speed.DecodeTokensPerSecond.Should().BeInRange(0, 1e-6);
    }

    [Fact]
    public async Task Speed_PromptInTheCache_IsNotWhatWasRead()
    {
        await TakeAsync(new JobTokens([.. Enumerable.Repeat(2, OutputTokens)]), TimeSpan.FromSeconds(1));
        await TakeAsync(Result(default, default, cached: 156), TimeSpan.Zero);

        _attempt.Speed.PrefillTokensPerSecond.Should().BeApproximately(100, 1);
    }

    [Fact]
    public async Task Speed_JobThatWaited_IsNotMeasured()
    {
        var next = _attempt.MoveNextAsync();
        Pass(TimeSpan.FromSeconds(1));
        await SendAsync(JobWaiting.Instance);
        Pass(TimeSpan.FromSeconds(1));
        _steps.Writer.TryWrite(new JobTokens([.. Enumerable.Repeat(2, OutputTokens)]));
        (await next).Should().BeTrue();
        await TakeAsync(Result(default, default), TimeSpan.Zero);

        _attempt.IsDisturbed.Should().BeTrue();
        _attempt.Speed.Should().Be(default(MinerSpeed));
    }

    private static JobResult Result(TimeSpan prefill, TimeSpan decode, int cached = 0) => new(
        StopReason.MaxTokens, new GenerationUsage(Job.Prompt.Length, OutputTokens, TimeSpan.Zero, prefill, decode, cached));

    private async IAsyncEnumerable<JobEvent> Read([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(cancellationToken))
        {
            yield return step;
        }
    }

    /// <summary>Sends a step after a time, and takes it.</summary>
    private async Task TakeAsync(JobEvent step, TimeSpan after)
    {
        var next = _attempt.MoveNextAsync();
        Pass(after, step: after);
        _steps.Writer.TryWrite(step);
        (await next).Should().BeTrue();
    }

    /// <summary>Sends a step that nobody passes on, and waits until it is read and the next is awaited.</summary>
    private async Task SendAsync(JobEvent step)
    {
        _steps.Writer.TryWrite(step);
        await Poll.UntilAsync(() => Task.FromResult(_steps.Reader.Count), static count => count == 0, TimeSpan.FromSeconds(20));
    }

    private void Pass(TimeSpan time, TimeSpan? step = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step ?? Moment)
        {
            _clock.Advance(step ?? Moment);
        }
    }
}
