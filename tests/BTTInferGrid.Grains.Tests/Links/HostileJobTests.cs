using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using FluentAssertions;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;
using StopReason = BTTInferGrid.Link.V1.Result.Types.StopReason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>Nodes that lie in the jobs that they are given.</summary>
public sealed class HostileJobTests(SharedLinkGrid shared) : IClassFixture<SharedLinkGrid>, IAsyncLifetime
{
    private const int MaxTokens = 4;

    private readonly LinkGrid _grid = shared.Grid;
    private RawNode _node = null!;

    private int EndToken => Enumerable.Range(0, _grid.Model.Vocabulary.Size).First(_grid.Model.Vocabulary.IsEndOfGeneration);

    public async Task InitializeAsync() => _node = await _grid.JoinAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Job_ThatIsServedRight_Ends()
    {
        // What the hostile ones differ from.
        var (tokens, failure) = await RunAsync(_grid.Ask(MaxTokens), async job =>
        {
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 2, 3, 4 } });
            await _node.SendAsync(ResultOf(job));
        });

        failure.Should().BeNull();
        tokens.Should().Equal(1, 2, 3, 4);
    }

    /// <summary>Ends of jobs that the grid must not believe; each differs in one point from the right one.</summary>
    public static TheoryData<string, Action<Result>> Results => new()
    {
        { "more tokens than seen", static result => result.OutputTokens++ },
        { "fewer tokens than seen", static result => result.OutputTokens-- },
        { "negative tokens", static result => result.OutputTokens = -4 },
        { "tokens that overflow", static result => result.OutputTokens = int.MaxValue },
        { "longer prompt", static result => result.PromptTokens++ },
        { "no prompt", static result => result.PromptTokens = 0 },
        { "more cached than the prompt", static result => result.CachedPromptTokens = result.PromptTokens + 1 },
        { "negative cached", static result => result.CachedPromptTokens = -1 },
        { "ended without the end token", static result => result.StopReason = StopReason.EndOfGeneration },
        { "stop string that nobody named", static result => result.StopReason = StopReason.StopString },
        { "unknown reason", static result => result.StopReason = (StopReason)99 },
        { "negative reason", static result => result.StopReason = (StopReason)(-1) },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Result_ThatIsWrong_FailsTheMiner(string what, Action<Result> change)
    {
        var (_, failure) = await RunAsync(_grid.Ask(MaxTokens), async job =>
        {
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1, 2, 3, 4 } });
            var result = ResultOf(job);
            change(result);
            await _node.SendAsync(result);
        });

        failure?.Outcome.Should().Be(AttemptOutcome.Failed, what);
        failure.Should().NotBeNull(what);
        await _node.PingAsync();
    }

    [Fact]
    public async Task Result_WithImpossibleTimes_IsAccepted()
    {
        var (_, failure) = await RunAsync(_grid.Ask(MaxTokens), async job =>
        {
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1, 2, 3, 4 } });
            var result = ResultOf(job);
            (result.QueueMicroseconds, result.PrefillMicroseconds, result.DecodeMicroseconds) =
                (long.MinValue, long.MaxValue, -1);
            await _node.SendAsync(result);
        });

        failure.Should().BeNull();
    }

    public static TheoryData<string, int[]> WrongTokens => new()
    {
        { "negative", [-1] },
        { "most negative", [int.MinValue] },
        { "beyond the vocabulary", [1 << 20] },
        { "greatest", [1, 2, int.MaxValue] },
        { "more than asked for", [1, 2, 3, 4, 5] },
        { "as many as credit allows", [.. Enumerable.Repeat(1, LinkProtocol.JobCredit)] },
    };

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task Tokens_ThatCannotBe_FailTheMinerAndCancelTheJob(string what, int[] tokens)
    {
        Generate? sent = null;
        var (_, failure) = await RunAsync(_grid.Ask(MaxTokens), async job =>
        {
            sent = job;
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { tokens } });
        });

        failure.Should().NotBeNull(what);
        failure!.Value.Outcome.Should().Be(AttemptOutcome.Failed, what);
        (await _node.NextAsync(ToNode.KindOneofCase.Cancel)).Cancel.Job.Should().Be(sent!.Job);
        await _node.PingAsync();
    }

    [Fact]
    public async Task Tokens_AfterTheEndToken_FailTheMiner()
    {
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens), job => _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1, EndToken, 2 } }));

        failure.Should().NotBeNull();
        failure!.Value.Outcome.Should().Be(AttemptOutcome.Failed);
    }

    [Fact]
    public async Task Result_WithoutTokens_FailsTheMiner()
    {
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens),
            job => _node.SendAsync(new Result { Job = job.Job, PromptTokens = job.Prompt.Count }));

        failure!.Value.Outcome.Should().Be(AttemptOutcome.Failed);
    }

    public static TheoryData<string, Func<ulong, Tokens>> BrokenTokens => new()
    {
        { "none", static job => new Tokens { Job = job } },
        { "more than credit", static job => new Tokens { Job = job, Tokens_ = { Enumerable.Repeat(1, LinkProtocol.JobCredit + 1) } } },
        { "hundreds of thousands", static job => new Tokens { Job = job, Tokens_ = { Enumerable.Repeat(1, 500_000) } } },
        { "fewer log-probs", static job => new Tokens { Job = job, Tokens_ = { 1, 2 }, LogProbs = { Likely(1) } } },
        { "more log-probs", static job => new Tokens { Job = job, Tokens_ = { 1 }, LogProbs = { Likely(1), Likely(2) } } },
        { "log-probs with fewer values", static job => new Tokens { Job = job, Tokens_ = { 1 }, LogProbs = { new LogProbs { Tokens = { 1, 2 }, Values = { -1 } } } } },
        { "log-probs of hundreds of tokens", static job => new Tokens { Job = job, Tokens_ = { 1 }, LogProbs = { Likely([.. Enumerable.Range(0, 300)]) } } },
    };

    [Theory]
    [MemberData(nameof(BrokenTokens))]
    public async Task Tokens_ThatBreakTheProtocol_EndTheSession(string what, Func<ulong, Tokens> tokens)
    {
        var (_, failure) = await RunAsync(_grid.Ask(500), job => _node.SendAsync(tokens(job.Job)));

        failure!.Value.Outcome.Should().Be(AttemptOutcome.Lost, what);
        await _node.ExpectGoodbyeAsync(Reason.BrokenProtocol, what);
    }

    [Fact]
    public async Task Tokens_MoreThanCreditInPieces_EndTheSession()
    {
        // Nobody reads the job, so nothing of the credit comes back.
        var events = _grid.Sessions.Find(_node.Identity)!.Generate(
            new GenerateRequest("job-1", _grid.Ask(100_000), 0, []), CancellationToken.None).GetAsyncEnumerator();
        var first = events.MoveNextAsync();
        var job = await _node.NextJobAsync();
        job.Credit.Should().Be(LinkProtocol.JobCredit);
        await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        (await first).Should().BeTrue();

        for (var sent = 0; sent <= LinkProtocol.JobCredit; sent++)
        {
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        }

        await _node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Credit_WhileTheJobIsRead_ComesBack()
    {
        const int Tokens = 3 * LinkProtocol.JobCredit;
        var (tokens, failure) = await RunAsync(_grid.Ask(Tokens), async job =>
        {
            var left = (int)job.Credit;
            for (var sent = 0; sent < Tokens; sent++, left--)
            {
                while (left == 0)
                {
                    left += (int)(await _node.NextAsync(ToNode.KindOneofCase.Credit)).Credit.Tokens;
                }

                await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
            }

            var result = ResultOf(job);
            result.OutputTokens = Tokens;
            await _node.SendAsync(result);
        });

        failure.Should().BeNull();
        tokens.Should().HaveCount(Tokens);
    }

    [Fact]
    public async Task Message_OfJobThatHasEnded_IsIgnored()
    {
        var (_, failure) = await RunAsync(_grid.Ask(MaxTokens), async job =>
        {
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1, 2, 3, 4 } });
            await _node.SendAsync(ResultOf(job));
            await _node.SendAsync(ResultOf(job));
            await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 5 } });
            await _node.SendAsync(new FromNode { Fault = new Fault { Job = job.Job } });
            await _node.SendAsync(new FromNode { Vectors = new Vectors { Job = job.Job } });
        });

        failure.Should().BeNull();
        await _node.PingAsync();
    }

    /// <summary>Log-probabilities that a job with two likely tokens did not ask for.</summary>
    public static TheoryData<string, LogProbs[]> WrongLogProbs => new()
    {
        { "none", [] },
        { "too few likely tokens", [Likely(1)] },
        { "too many likely tokens", [Likely(1, 2, 3)] },
        { "likely token out of range", [Likely(1, int.MaxValue)] },
        { "positive", [new LogProbs { Chosen = 0.5f, Tokens = { 1, 2 }, Values = { -1, -2 } }] },
        { "no number", [new LogProbs { Chosen = float.NaN, Tokens = { 1, 2 }, Values = { -1, -2 } }] },
        { "infinite", [new LogProbs { Chosen = -1, Tokens = { 1, 2 }, Values = { float.PositiveInfinity, -2 } }] },
    };

    [Theory]
    [MemberData(nameof(WrongLogProbs))]
    public async Task LogProbs_ThatWereNotAskedForSo_FailTheMiner(string what, LogProbs[] logProbs)
    {
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens, topLogProbs: 2),
            job => _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 }, LogProbs = { logProbs } }));

        failure!.Value.Outcome.Should().Be(AttemptOutcome.Failed, what);
    }

    [Fact]
    public async Task LogProbs_ThatNobodyAskedFor_FailTheMiner()
    {
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens), job => _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 }, LogProbs = { Likely(1) } }));

        failure!.Value.Outcome.Should().Be(AttemptOutcome.Failed);
    }

    public static TheoryData<Fault.Types.Kind, AttemptOutcome> Faults => new()
    {
        { Fault.Types.Kind.Failed, AttemptOutcome.Failed },
        { Fault.Types.Kind.Busy, AttemptOutcome.Busy },
        { Fault.Types.Kind.Refused, AttemptOutcome.Refused },
        { (Fault.Types.Kind)99, AttemptOutcome.Failed },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_WithLongText_IsTheOutcomeAndTheTextIsShort(Fault.Types.Kind kind, AttemptOutcome outcome)
    {
        var text = new string('x', 400_000) + "\nforged";
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens),
            job => _node.SendAsync(new FromNode { Fault = new Fault { Job = job.Job, Kind = kind, Field = text, Reason = text } }));

        failure!.Value.Outcome.Should().Be(outcome);
        failure.Value.Reason.Length.Should().BeLessThan(2 * LinkProtocol.MaxReasonLength);
        (failure.Value.Field ?? "").Length.Should().BeLessThanOrEqualTo(LinkProtocol.MaxReasonLength);
        failure.Value.Reason.Should().NotContain("\n");
        await _node.PingAsync();
    }

    [Fact]
    public async Task Embed_AnsweredWithTokens_FailsInTime()
    {
        var embedding = EmbedAsync(1);
        var job = (await _node.NextAsync(ToNode.KindOneofCase.Embed)).Embed;

        await _node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        await _node.SendAsync(new Result { Job = job.Job, PromptTokens = 1 });

        var wait = () => embedding.WaitAsync(TimeSpan.FromSeconds(10));
        await wait.Should().ThrowAsync<GridException>();
    }

    [Fact]
    public async Task Embed_AnsweredWithMoreThanAJobCanHave_EndsTheSession()
    {
        var embedding = EmbedAsync(1);
        var job = (await _node.NextAsync(ToNode.KindOneofCase.Embed)).Embed;
        var vector = new Vector { Values = { new float[LinkProtocol.VectorValuesPerMessage] } };

        for (var i = 0; i < 4; i++)
        {
            await _node.SendAsync(new FromNode { Vectors = new Vectors { Job = job.Job, Vectors_ = { vector } } });
        }

        await _node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
        var wait = () => embedding;
        await wait.Should().ThrowAsync<MinerLostException>();
    }

    [Fact]
    public async Task Embed_FloodedWithEmptyMessages_EndsTheSession()
    {
        var embedding = EmbedAsync(1);
        var job = (await _node.NextAsync(ToNode.KindOneofCase.Embed)).Embed;
        var empty = new FromNode { Vectors = new Vectors { Job = job.Job } };

        var flood = FloodAsync();

        await _node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
        var wait = () => embedding;
        await wait.Should().ThrowAsync<MinerLostException>();
        await flood;

        async Task FloodAsync()
        {
            for (var i = 0; i < 50_000 && !embedding.IsCompleted; i++)
            {
                await _node.SendAsync(empty);
            }
        }
    }

    [Fact]
    public async Task Vectors_InAGeneration_EndTheSession()
    {
        var (_, failure) = await RunAsync(
            _grid.Ask(MaxTokens),
            job => _node.SendAsync(new FromNode { Vectors = new Vectors { Job = job.Job, Vectors_ = { new Vector() } } }));

        failure!.Value.Outcome.Should().Be(AttemptOutcome.Lost);
        await _node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    private static LogProbs Likely(params int[] tokens) => new()
    {
        Chosen = -0.5f,
        Tokens = { tokens },
        Values = { tokens.Select(static _ => -1f) },
    };

    private static Result ResultOf(Generate job) => new()
    {
        Job = job.Job,
        StopReason = StopReason.MaxTokens,
        PromptTokens = job.Prompt.Count,
        OutputTokens = MaxTokens,
    };

    private Task<EmbedResult> EmbedAsync(int inputs) => _grid.Sessions.Find(_node.Identity)!.Embed(
        new EmbedRequest("job-1", _grid.Model.Profile, [.. Enumerable.Repeat<ImmutableArray<int>>([1], inputs)]),
        CancellationToken.None);

    /// <summary>Runs a job that the node serves in the test's way, as far as the job goes.</summary>
    private async Task<(List<int> Tokens, AttemptFailure? Failure)> RunAsync(JobRequest request, Func<Generate, Task> serve)
    {
        await using var attempt = _grid.Attempt(_node.Identity, request);
        var serving = ServeAsync();
        var tokens = new List<int>();
        while (await attempt.MoveNextAsync())
        {
            if (attempt.Current is JobTokens made)
            {
                tokens.AddRange(made.Tokens);
            }
        }

        await serving;
        return (tokens, attempt.Failure);

        async Task ServeAsync() => await serve(await _node.NextJobAsync());
    }
}
