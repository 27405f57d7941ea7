using BTTInferGrid.Inference.Tests.Replay;

namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class EngineCommitmentTests : IAsyncLifetime
{
    private readonly Engine _engine = TinyModel.LoadEngine();

    [Fact]
    public async Task GenerateAsync_NoCommitmentAsked_RecordsNothing()
    {
        var answer = await _engine.AnswerAsync("What is the capital of Japan?").Within("the answer");
        Assert.Null(answer.Result.Commitment);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task GenerateAsync_CommitmentAsked_OpensToWhatAReplayFinds(int streams)
    {
        var requests = Enumerable.Range(0, streams).Select(i => Request(i)).ToList();
        var answers = await Task.WhenAll(requests.Select(r => _engine.AnswerAsync(r))).Within("the answers");
        await using var replayer = Replays.Load();
        var differences = new List<double>();
        foreach (var (request, answer) in requests.Zip(answers))
        {
            var scope = request.Commitment!;
            var opened = Opened(answer.Result.Commitment!, scope, answer.Tokens.Count);
            var claim = Replays.Of(request, answer) with { Scope = scope };
            var replayed = await replayer.ReplayAsync(claim).Within("the replay");
            Assert.Equal(answer.Tokens, opened.Select(position => position.Token));
            foreach (var (own, theirs) in replayed.Select(position => position.Evidence).Zip(opened))
            {
                Assert.Equal(own.LogProbability, theirs.LogProbability, 0.1 - (0.02 * own.LogProbability));
                differences.Add(Distance(own, theirs));
            }
        }

        // The spread of an honest miner's numbers, rounding to 1/512 included; another model is off by 0.1 and more.
        differences.Sort();
        Assert.InRange(differences[differences.Count / 2], 0, 0.03);
        Assert.InRange(differences[differences.Count * 99 / 100], 0, 0.15);
    }

    [Fact]
    public async Task GenerateAsync_AnotherPrompt_OpensToOtherNumbers()
    {
        var request = Request(0);
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        await using var replayer = Replays.Load();
        var claim = Replays.Of(request, answer) with
        {
            Prompt = TinyModel.Ask("What does a horse eat?").Prompt,
            Scope = request.Commitment!,
        };
        var replayed = await replayer.ReplayAsync(claim).Within("the replay");
        var opened = Opened(answer.Result.Commitment!, request.Commitment!, answer.Tokens.Count);
        var differences = replayed.Select(position => position.Evidence).Zip(opened, Distance).Order().ToList();
        Assert.True(differences[differences.Count / 2] > 0.1, $"median {differences[differences.Count / 2]}");
    }

    [Fact]
    public async Task GenerateAsync_SameJobTwiceAlone_GivesTheSameRoot()
    {
        var first = await _engine.AnswerAsync(Request(3)).Within("the first answer");
        await using var other = TinyModel.LoadEngine();
        var second = await other.AnswerAsync(Request(3)).Within("the second answer");
        Assert.Equal(first.Result.Commitment!.Root.ToArray(), second.Result.Commitment!.Root.ToArray());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    private static EngineRequest Request(int index)
    {
        var sampling = new SamplingParameters { Seed = (ulong)index };
        var request = TinyModel.Ask(Replays.Questions[index % Replays.Questions.Length], sampling);
        return request with { Commitment = new CommitmentScope("profile", $"job-{index}", "epoch") };
    }

    private static List<PositionEvidence> Opened(Commitment commitment, CommitmentScope scope, int tokens)
    {
        var positions = new List<PositionEvidence>();
        for (var leaf = 0; leaf < commitment.LeafCount; leaf++)
        {
            var read = MerkleProof.Read(scope, commitment.Root.Span, tokens, commitment.Open(leaf));
            positions.AddRange(Assert.NotNull(read));
        }

        return positions;
    }

    private static double Distance(PositionEvidence a, PositionEvidence b) =>
        Math.Sqrt(a.Projection.Zip(b.Projection, (x, y) => (double)(x - y) * (x - y)).Average());
}
