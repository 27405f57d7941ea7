using System.Text.Json;
using BTTInferGrid.Inference.Tests.Replay;

namespace BTTInferGrid.Inference.Tests.Grammars;

public sealed class GrammarAnswerTests : IAsyncLifetime
{
    private const string Json = """
        root   ::= "{" ws member ("," ws member){0,2} ws "}"
        member ::= string ":" ws value
        value  ::= string | number | "true" | "false" | "null" | list
        list   ::= "[" ws (value ("," ws value){0,2})? ws "]"
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" ["\\/bfnrt]){0,8} "\""
        number ::= "-"? ("0" | [1-9] [0-9]{0,5})
        ws     ::= " "?
        """;

    private readonly Engine _engine = TinyModel.LoadEngine();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task GenerateAsync_YesOrNo_SaysOneOfThem(float temperature)
    {
        var requests = Enumerable.Range(0, 16)
            .Select(seed => new SamplingParameters { Temperature = temperature, Seed = (ulong)seed })
            .Select(sampling => TinyModel.Ask("What is the capital of Japan?", sampling, maxTokens: 8))
            .Select(request => request with { Grammar = "root ::= \"yes\" | \"no\"" });
        var answers = await Task.WhenAll(requests.Select(r => _engine.AnswerAsync(r))).Within("the answers");

        Assert.All(answers, answer => Assert.Contains(answer.Text, (string[])["yes", "no"]));
        Assert.All(answers, answer => Assert.Equal(StopReason.EndOfGeneration, answer.Result.StopReason));
    }

    [Fact]
    public async Task GenerateAsync_JsonAtHighTemperature_IsJsonWhateverTheSeed()
    {
        var requests = Enumerable.Range(0, 24).Select(seed => JsonRequest((ulong)seed)).ToList();
        var answers = await Task.WhenAll(requests.Select(r => _engine.AnswerAsync(r))).Within("the answers");
        var whole = answers.Where(answer => answer.Result.StopReason == StopReason.EndOfGeneration).ToList();
        Assert.True(whole.Count > 12, $"only {whole.Count} answers ended by themselves");
        foreach (var answer in whole)
        {
            using var json = JsonDocument.Parse(answer.Text);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }

        Assert.True(whole.Select(answer => answer.Text).Distinct().Count() > 10);
    }

    [Fact]
    public async Task ReplayAsync_WithTheGrammar_FindsTheSameTokens()
    {
        await using var replayer = Replays.Load();
        for (var seed = 100UL; seed < 103; seed++)
        {
            var request = JsonRequest(seed);
            var answer = await _engine.AnswerAsync(request).Within("the answer");
            var claim = Replays.Of(request, answer) with { Grammar = Json };
            var honest = await replayer.ReplayAsync(claim).Within("the replay");
            var without = await replayer.ReplayAsync(claim with { Grammar = null }).Within("a replay without grammar");

            // Text that the model would not have written has flatter logits, and these carry more noise.
            Assert.InRange(honest.Max(position => position.Margin), 0, 0.2);
            Assert.True(without.Max(position => position.Margin) > 1);
        }
    }

    [Fact]
    public async Task ReplayAsync_TokenThatTheGrammarForbids_IsInfinitelyFarOff()
    {
        await using var replayer = Replays.Load();
        var request = TinyModel.Ask("What is the capital of Japan?");
        var answer = await _engine.AnswerAsync(request).Within("the answer");
        var claim = Replays.Of(request, answer) with { Grammar = "root ::= \"yes\" | \"no\"" };
        var positions = await replayer.ReplayAsync(claim).Within("the replay");
        Assert.True(float.IsPositiveInfinity(positions[0].Margin));
    }

    [Theory]
    [InlineData("")]
    [InlineData("root ::=")]
    public async Task GenerateAsync_EmptyOrNothingToSay_EndsOrIsRefused(string grammar)
    {
        var request = TinyModel.Ask("Hello!") with { Grammar = grammar };
        if (grammar.Length == 0)
        {
            Assert.Equal(
                nameof(EngineRequest.Grammar),
                Assert.Throws<InvalidParameterException>(() => _engine.GenerateAsync(request)).Field);
            return;
        }

        var answer = await _engine.AnswerAsync(request).Within("the answer");
        Assert.Equal(("", 1), (answer.Text, answer.Tokens.Count));
    }

    [Fact]
    public async Task GenerateAsync_GrammarTooCostly_FailsAloneAndOthersGoOn()
    {
        var hostile = TinyModel.Ask("Hello!") with { Grammar = "root ::= root root root | [a-z ]{0,900} | .{0,900}" };
        var other = _engine.AnswerAsync("What is the capital of Japan?");
        await Assert.ThrowsAsync<RequestFailedException>(() => _engine.AnswerAsync(hostile).Within("the hostile one"));
        Assert.Contains("Tokyo", (await other.Within("the other")).Text, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    private static EngineRequest JsonRequest(ulong seed)
    {
        var request = TinyModel.Ask("What is a miner?", new SamplingParameters { Temperature = 1.5f, Seed = seed });
        return request with { Grammar = Json };
    }
}
