using System.Collections.Immutable;
using System.Globalization;

namespace BTTInferGrid.Inference.Tests.Replay;

public sealed class ReplayHonestTests : IAsyncLifetime
{
    private readonly Engine _engine = TinyModel.LoadEngine();
    private readonly Replayer _replayer = Replays.Load();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1.5, 1)]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(1.5, 16)]
    public async Task ReplayAsync_HonestAnswers_AreWhatTheSeedGives(double temperature, int streams)
    {
        var requests = Enumerable.Range(0, 16).Select(i => TinyModel.Ask(
            Replays.Questions[i % Replays.Questions.Length],
            new SamplingParameters { Temperature = (float)temperature, Seed = (ulong)(1000 + i) })).ToList();
        var answers = new List<Answer>();
        foreach (var together in requests.Chunk(streams))
        {
            answers.AddRange(await Task.WhenAll(together.Select(r => _engine.AnswerAsync(r))).Within("the answers"));
        }

        var positions = new List<ReplayedPosition>();
        foreach (var (request, answer) in requests.Zip(answers))
        {
            positions.AddRange(await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("a replay"));
        }

        Assert.Equal(answers.Sum(answer => answer.Tokens.Count), positions.Count);
        Assert.True(positions.Count > 300);

        // What else is in a batch moves logits a little, and so does reading many tokens at once instead of one.
        Assert.InRange(positions.Max(position => position.Margin), 0, streams == 1 ? 0.02 : 0.05);
        Assert.InRange(positions.Count(position => position.Margin > 0), 0, positions.Count * 0.01);
        Assert.All(positions, position => Assert.Equal(position.Margin == 0, position.Winner == position.Evidence.Token));
    }

    [Fact]
    public async Task ReplayAsync_EveryKindOfParameter_IsReplayed()
    {
        var sampling = new SamplingParameters
        {
            Temperature = 1.3f,
            TopK = 40,
            TopP = 0.95f,
            MinP = 0.02f,
            RepetitionPenalty = 1.1f,
            FrequencyPenalty = 0.3f,
            PresencePenalty = 0.2f,
            LogitBias = new Dictionary<int, float> { [70] = 2, [80] = -100 },
            Seed = 5,
        };
        foreach (var question in Replays.Questions)
        {
            var request = TinyModel.Ask(question, sampling);
            var answer = await _engine.AnswerAsync(request).Within("the answer");
            var positions = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the replay");
            Assert.InRange(positions.Max(position => position.Margin), 0, 0.02);
        }
    }

    [Fact]
    public async Task ReplayAsync_Evidence_IsWhatTheEngineReportedWithinNoise()
    {
        var requests = Enumerable.Range(0, 16)
            .Select(i => TinyModel.Ask(Replays.Questions[i % 4], new SamplingParameters { Seed = (ulong)i }))
            .Select(request => request with { LogProbabilities = 5 })
            .ToList();
        var answers = await Task.WhenAll(requests.Select(r => _engine.AnswerAsync(r))).Within("the answers");
        foreach (var (request, answer) in requests.Zip(answers))
        {
            var positions = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the replay");
            foreach (var (position, reported) in positions.Zip(answer.LogProbabilities))
            {
                // Rare tokens carry more noise: their logits lie far from the others.
                var slack = 0.1 - (0.02 * reported.Chosen.LogProbability);
                Assert.Equal(reported.Chosen.Token, position.Evidence.Token);
                Assert.Equal(reported.Chosen.LogProbability, position.Evidence.LogProbability, slack);
                Assert.Equal(reported.Top[0].LogProbability, position.Evidence.Top[0].LogProbability, 0.1);
                Assert.Equal(5, position.Evidence.Top.Length);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task ReplayAsync_InBatchesOfAnySize_FindsTheSame(int batch)
    {
        var request = TinyModel.Ask(Replays.Questions[0], new SamplingParameters { Seed = 3 });
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        await using var small = Replays.Load(new ReplayOptions { Threads = 1, BatchTokens = batch });
        var expected = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the replay");
        var actual = await small.ReplayAsync(Replays.Of(request, answer)).Within("the replay in small batches");
        Assert.Equal(Margins(expected), Margins(actual));
    }

    [Fact]
    public async Task ReplayAsync_SameAnswerAgain_GivesTheSameBits()
    {
        var request = TinyModel.Ask(Replays.Questions[1], new SamplingParameters { Seed = 4 });
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        var first = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the first replay");
        await _replayer.ReplayAsync(Replays.Of(request with { Prompt = new[] { 1, 2, 3 } }, answer)).Within("another");
        var second = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the second replay");
        Assert.Equal(first.Select(p => (p.Evidence.LogProbability, p.Margin, p.Lead)),
            second.Select(p => (p.Evidence.LogProbability, p.Margin, p.Lead)));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _replayer.DisposeAsync();
    }

    private static string Margins(ImmutableArray<ReplayedPosition> positions) =>
        string.Join(' ', positions.Select(p => p.Margin.ToString("0.00", CultureInfo.InvariantCulture)));
}
