using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Replay;

public sealed class ReplayCheatTests : IAsyncLifetime
{
    private static readonly SamplingParameters Sampling = new() { Temperature = 1.2f, Seed = 11 };

    private readonly Engine _engine = TinyModel.LoadEngine();
    private readonly Replayer _replayer = Replays.Load();

    public static TheoryData<string, SamplingParameters> Lies => new()
    {
        { "seed", Sampling with { Seed = 12 } },
        { "temperature", Sampling with { Temperature = 0.6f } },
        { "greedy", Sampling with { Temperature = 0 } },
        { "cut", Sampling with { TopK = 1 } },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task ReplayAsync_ChosenOtherThanSaid_ShowsLargeMargins(string lie, SamplingParameters said)
    {
        var positions = new List<ReplayedPosition>();
        for (var i = 0; i < 4; i++)
        {
            var request = TinyModel.Ask(Replays.Questions[0], Sampling with { Seed = Sampling.Seed + (ulong)(10 * i) });
            var answer = await _engine.AnswerAsync(request).Within("the answer");
            var claim = Replays.Of(request, answer) with { Sampling = said with { Seed = said.Seed + (ulong)(10 * i) } };
            positions.AddRange(await _replayer.ReplayAsync(claim).Within("the replay"));
        }

        var large = positions.Count(position => position.Margin > 0.5);
        Assert.True(large >= positions.Count / 100 && large > 2, $"{lie}: {large} of {positions.Count} margins above 0.5");
        Assert.True(positions.Max(position => position.Margin) > 1);
    }

    [Fact]
    public async Task ReplayAsync_OneTokenSwapped_ShowsItThere()
    {
        var request = TinyModel.Ask(Replays.Questions[0], Sampling);
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        var honest = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the honest replay");
        for (var i = 0; i < answer.Tokens.Count; i += 17)
        {
            var output = answer.Tokens.ToArray();
            output[i] = honest[i].Evidence.Top.Last(top => top.Token != output[i]).Token;
            var swapped = await _replayer.ReplayAsync(Replays.Of(request, answer) with { Output = output })
                .Within("a replay");
            Assert.True(swapped[i].Margin > 0.5, $"margin {swapped[i].Margin} at {i}");
            Assert.Equal(honest[i].Winner, swapped[i].Winner);
            Assert.Equal(Margins(honest)[..i], Margins(swapped)[..i]);
        }
    }

    [Fact]
    public async Task ReplayAsync_AnotherPrompt_ShowsLargeMargins()
    {
        var request = TinyModel.Ask(Replays.Questions[0], Sampling);
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        var claim = Replays.Of(request, answer) with { Prompt = TinyModel.Ask("What does a horse eat?").Prompt };
        var positions = await _replayer.ReplayAsync(claim).Within("the replay");
        Assert.True(positions[..10].Max(position => position.Margin) > 2);
    }

    [Fact]
    public async Task ReplayAsync_TokenBelowTheCut_ShowsHowFarBelow()
    {
        var request = TinyModel.Ask(Replays.Questions[3], SamplingParameters.Greedy);
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        var output = answer.Tokens.ToArray();
        var honest = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the honest replay");
        var top = honest[2].Evidence.Top;
        output[2] = top[4].Token;
        var claim = Replays.Of(request, answer) with { Output = output, Sampling = new() { TopK = 1, Seed = 1 } };
        var swapped = await _replayer.ReplayAsync(claim).Within("the replay");
        Assert.True(swapped[2].Margin >= top[0].LogProbability - top[4].LogProbability - 0.001);
        Assert.True(float.IsPositiveInfinity(swapped[2].Lead));
    }

    [Fact]
    public async Task ReplayAsync_SmallerQuantization_DiffersManyTimesMoreThanNoise()
    {
        using var folder = new TemporaryFolder();
        var smaller = ModelQuantizer.Quantize(
            TinyModel.Library,
            TinyModel.ModelPath,
            Path.Combine(folder.Path, "smaller.gguf"),
            ModelQuantization.Q40,
            new QuantizeOptions { AllowRequantize = true, Threads = 1 });
        var options = new EngineOptions { CacheTokens = 2048, Threads = 1 };
        await using var cheat = Engine.Load(TinyModel.Library, smaller.Path, options, NullLogger<Engine>.Instance);

        var noise = await DifferenceAsync(_engine);
        var difference = await DifferenceAsync(cheat);

        Assert.True(difference > 0.002 && difference > 4 * noise, $"{difference} against {noise} of an honest miner");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _replayer.DisposeAsync();
    }

    /// <summary>How far the log-probabilities that an engine reports are from those of the replay, on average, in nat.</summary>
    private async Task<double> DifferenceAsync(Engine engine)
    {
        var differences = new List<double>();
        foreach (var question in Replays.Questions)
        {
            var request = TinyModel.Ask(question, Sampling) with { LogProbabilities = 1 };
            var answer = await engine.AnswerAsync(request).Within("the answer");
            var positions = await _replayer.ReplayAsync(Replays.Of(request, answer)).Within("the replay");
            differences.AddRange(positions.Zip(answer.LogProbabilities, (replayed, reported) =>
                Math.Abs((double)replayed.Evidence.Top[0].LogProbability - reported.Top[0].LogProbability)));
        }

        return differences.Average();
    }

    private static float[] Margins(ImmutableArray<ReplayedPosition> positions) =>
        [.. positions.Select(position => position.Margin)];
}
