using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;
using BTTInferGrid.Testing;
using StopReason = BTTInferGrid.Link.V1.Result.Types.StopReason;

namespace BTTInferGrid.Node.Tests.Jobs;

public sealed class GenerateTests : IAsyncLifetime
{
    private ScriptedGrid _grid = null!;
    private TestNode _node = null!;
    private GridSession _session = null!;

    public async Task InitializeAsync()
    {
        _grid = await ScriptedGrid.StartAsync();
        _node = await TestNode.StartAsync(_grid);
        _session = await _grid.WelcomeAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task Generate_Question_SendsTheEnginesAnswerAndItsResult()
    {
        var request = _node.Ask(1);
        await _session.SendAsync(request);
        var (tokens, result) = await _session.AnswerAsync(1);

        tokens.Should().Equal(await _node.ExpectedAsync(request));
        _node.TextOf(tokens).Should().Be(Requests.Answer);
        result.StopReason.Should().Be(StopReason.EndOfGeneration);
        result.PromptTokens.Should().Be(request.Generate.Prompt.Count);
        result.OutputTokens.Should().Be(tokens.Count);
        result.PrefillMicroseconds.Should().BePositive();
    }

    [Fact]
    public async Task Generate_SeedAndStopString_EndAsInTheEngine()
    {
        var request = _node.Ask(1);
        request.Generate.Sampling.Temperature = 0.8f;
        request.Generate.Sampling.Seed = 7;
        request.Generate.Stop.Add("apan");
        await _session.SendAsync(request);
        var (tokens, result) = await _session.AnswerAsync(1);

        tokens.Should().Equal(await _node.ExpectedAsync(request));
        result.StopReason.Should().Be(StopReason.StopString);
    }

    [Fact]
    public async Task Generate_Answered_GoesOnAfterIt()
    {
        var request = _node.Ask(1);
        var whole = await _node.ExpectedAsync(request);
        request.Generate.Answered.AddRange(whole.Take(3));
        await _session.SendAsync(request);
        var (tokens, result) = await _session.AnswerAsync(1);

        tokens.Should().Equal(whole.Skip(3));
        result.OutputTokens.Should().Be(whole.Count - 3);
    }

    [Fact]
    public async Task Generate_LogProbs_ComeWithEachToken()
    {
        var request = _node.Ask(1, credit: 1);
        request.Generate.TopLogProbs = 2;
        await _session.SendAsync(request);
        var first = (await _session.NextAsync()).Tokens;
        await _session.SendAsync(Requests.Credit(1, 1));
        var second = (await _session.NextAsync()).Tokens;

        foreach (var message in new[] { first, second })
        {
            var probabilities = message.LogProbs.Should().ContainSingle().Which;
            probabilities.Tokens.Should().HaveCount(2).And.StartWith(message.Tokens_);
            probabilities.Values[0].Should().Be(probabilities.Chosen).And.BeNegative();
        }
    }

    [Fact]
    public async Task Generate_TokensThatHaveGathered_TravelTogether()
    {
        await _session.SendAsync(_node.AskLong(1, tokens: 100, credit: 1));
        (await _session.NextAsync().TokensOf(1)).Should().ContainSingle("so much was granted");
        await EngineIsIdleAsync();

        await _session.SendAsync(Requests.Credit(1, 256));

        (await _session.NextAsync().TokensOf(1)).Should().HaveCount(99);
        (await _session.NextAsync()).Result.OutputTokens.Should().Be(100);
    }

    [Fact]
    public async Task Generate_OneTokenGranted_GoesAlone()
    {
        var request = _node.AskLong(1, tokens: 12, credit: 0);
        await _session.SendAsync(request);
        var tokens = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            await _session.SendAsync(Requests.Credit(1, 1));
            tokens.Add((await _session.NextAsync().TokensOf(1)).Should().ContainSingle().Which);
        }

        tokens.Should().Equal(await _node.ExpectedAsync(request));
        (await _session.NextAsync()).Result.StopReason.Should().Be(StopReason.MaxTokens);
    }

    [Fact]
    public async Task Generate_SlowReader_NeverExceedsItsCreditAndDelaysNobody()
    {
        var slow = _node.AskLong(1, tokens: 200, credit: 5);
        await _session.SendAsync(slow);
        var tokens = new List<int>();
        while (tokens.Count < 5)
        {
            tokens.AddRange(await _session.NextAsync().TokensOf(1));
        }

        tokens.Should().HaveCount(5);

        // What the engine computes beside others may differ in a token.
        await EngineIsIdleAsync();
        for (ulong other = 2; other < 6; other++)
        {
            // Of the slow one there is no message among those of the others.
            await _session.SendAsync(_node.Ask(other));
            (await _session.AnswerAsync(other)).Tokens.Should().NotBeEmpty();
        }

        await _session.SendAsync(Requests.Credit(1, 195));
        tokens.AddRange((await _session.AnswerAsync(1)).Tokens);
        tokens.Should().Equal(await _node.ExpectedAsync(slow));
    }

    [Fact]
    public async Task Generate_LargeCredit_SendsMessagesOfBoundedSize()
    {
        var request = _node.AskLong(1, tokens: 400, credit: 1);
        request.Generate.TopLogProbs = 20;
        await _session.SendAsync(request);
        await _session.NextAsync().TokensOf(1);
        await EngineIsIdleAsync();
        await _session.SendAsync(Requests.Credit(1, uint.MaxValue));
        await _session.SendAsync(Requests.Credit(1, uint.MaxValue));

        (await _session.NextAsync().TokensOf(1)).Should().HaveCount(256);
        (await _session.NextAsync().TokensOf(1)).Should().HaveCount(143);
    }

    [Fact]
    public async Task Cancel_JobThatWaitsForCredit_EndsItWithoutAMessage()
    {
        await _session.SendAsync(_node.AskLong(1, tokens: 300, credit: 1));
        await _session.NextAsync().TokensOf(1);
        await _session.SendAsync(Requests.Cancel(1));
        await _session.SendAsync(_node.Ask(2));
        (await _session.AnswerAsync(2)).Result.Job.Should().Be(2);

        // A job that is still there would never be drained.
        _node.Engine.Drain();
        await _node.Engine.Drained.Within("the last job ends");
    }

    [Fact]
    public async Task Cancel_RunningJob_StopsTheEngine()
    {
        // Without the cancellation the engine keeps all 450 of each; a machine that is very busy may be too late once.
        await RunAndCancelAsync(1);
        await RunAndCancelAsync(2);

        _node.Engine.Engine.Status.RetainedTokens.Should().BeInRange(1, 850, "an answer was cut short");
    }

    [Fact]
    public async Task CreditAndCancel_UnknownJob_ChangeNothing()
    {
        await _session.SendAsync(Requests.Credit(77, 5));
        await _session.SendAsync(Requests.Cancel(77));
        await _session.SendAsync(new ToNode());
        await _session.SendAsync(_node.Ask(1));

        (await _session.AnswerAsync(1)).Tokens.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Generate_NumberOfARunningJob_EndsTheSession()
    {
        await _session.SendAsync(_node.AskLong(1, tokens: 10, credit: 0));
        await _session.SendAsync(_node.Ask(1));

        (await _session.Closed.Within("the session ends")).Should().BeFalse();
        (await _node.Log.LineAsync("two jobs")).Should().Contain("the number 1");
        (await _grid.WelcomeAsync()).Should().NotBeNull("the node comes back");
    }

    public static TheoryData<string, Action<Generate>> Refused => new()
    {
        { "profile", request => request.Profile = "another" },
        { "prompt", request => request.Prompt.Clear() },
        { "prompt[0]", request => request.Prompt[0] = 1 << 30 },
        { "prompt[0]", request => request.Prompt[0] = -1 },
        { "answered[0]", request => request.Answered.Add(-1) },
        { "max_tokens", request => request.MaxTokens = 0 },
        { "max_tokens", request => request.MaxTokens = int.MinValue },
        { "max_tokens", request => request.MaxTokens = int.MaxValue },
        { "top_p", request => request.Sampling = null },
        { "temperature", request => request.Sampling.Temperature = float.NaN },
        { "grammar", request => request.Grammar = "root ::= (" },
        { "log_probabilities", request => request.TopLogProbs = -1 },
        { "stop[0]", request => request.Stop.Add("") },
        { "stop", request => request.Stop.AddRange(Enumerable.Repeat("x", 1000)) },
        { "tenant", request => request.Tenant = new string('x', 1000) },
        { "logit_bias", request => request.Sampling.LogitBias.Add(new Bias { Token = 1 << 30 }) },
        {
            "logit_bias",
            request => request.Sampling.LogitBias.AddRange(Enumerable.Range(0, 1025).Select(token => new Bias { Token = token }))
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Generate_FieldOutOfRange_IsRefusedByItsName(string field, Action<Generate> spoil)
    {
        var message = _node.Ask(1);
        spoil(message.Generate);
        await _session.SendAsync(message);
        var next = await _session.NextAsync();

        next.Fault.Should().NotBeNull($"it is a fault, not {next.KindCase}");
        next.Fault.Kind.Should().Be(Fault.Types.Kind.Refused);
        next.Fault.Field.Should().Be(field);
        next.Fault.Reason.Should().NotBeEmpty().And.Match(reason => reason.Length <= 500);
    }

    [Fact]
    public async Task Generate_AnsweredAgainstTheGrammar_IsRefused()
    {
        var message = _node.Ask(1);
        message.Generate.Grammar = "root ::= \"x\"";
        message.Generate.Answered.Add(40);
        await _session.SendAsync(message);

        (await _session.NextAsync()).Fault.Field.Should().Be("answered");
    }

    private async Task RunAndCancelAsync(ulong job)
    {
        var request = _node.AskLong(job, tokens: 450, credit: 1);
        request.Generate.Tenant = $"tenant-{job}";
        await _session.SendAsync(request);
        await _session.NextAsync().TokensOf(job);
        await _session.SendAsync(Requests.Cancel(job));
        await EngineIsIdleAsync();
    }

    private async Task EngineIsIdleAsync() => await Poll.UntilAsync(
        () => Task.FromResult(_node.Engine.Status), status => status is { Running: 0, Waiting: 0 }, Waiting.Patience);
}
