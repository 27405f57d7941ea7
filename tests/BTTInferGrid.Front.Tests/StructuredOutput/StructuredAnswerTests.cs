using System.Text.Json;
using BTTInferGrid.Grammars;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Front.Tests.StructuredOutput;

/// <summary>Answers of the real engine and the tiny model to requests with schemas.</summary>
public sealed class StructuredAnswerTests : IAsyncDisposable
{
    private readonly LlamaLibrary _library = LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
    private readonly Vocabulary _vocabulary;
    private readonly Engine _engine;

    public StructuredAnswerTests()
    {
        _vocabulary = Vocabulary.Load(_library, TinyModel.File);
        _engine = Engine.Load(
            _library, TinyModel.File, new EngineOptions { CacheTokens = 4096, Threads = 1 }, NullLogger<Engine>.Instance);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"country":{"type":"string","maxLength":20},"capital":{"enum":["Tokyo","Paris"]},"people":{"type":"integer","minimum":1,"maximum":999}},"required":["country","capital","people"],"additionalProperties":false}""")]
    [InlineData("""{"type":"array","items":{"type":"string","pattern":"^[A-Z][a-z]{1,8}$"},"minItems":2,"maxItems":4}""")]
    [InlineData("""{"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":8},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]},"on":{"type":"string","format":"date"}},"required":["name","next"],"additionalProperties":false}""")]
    public async Task GenerateAsync_WithASchema_AnswersSatisfyIt(string schema)
    {
        var checker = new SchemaChecker(Parse(schema));
        var grammar = JsonSchemaGrammar.Convert(Parse(schema), "schema");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(seed => AnswerAsync(grammar, (ulong)seed)));
        var whole = answers.Where(answer => answer.Reason == StopReason.EndOfGeneration).ToList();

        Assert.True(whole.Count >= 6, $"only {whole.Count} answers ended by themselves");
        Assert.All(whole, answer => Assert.True(checker.Satisfies(Parse(answer.Text)), answer.Text));
    }

    [Fact]
    public async Task GenerateAsync_AnyObject_AnswersAreJson()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(seed => AnswerAsync(JsonSchemaGrammar.AnyObject, (ulong)seed)));
        var whole = answers.Where(answer => answer.Reason == StopReason.EndOfGeneration).ToList();

        Assert.NotEmpty(whole);
        Assert.All(whole, answer => Assert.Equal(JsonValueKind.Object, Parse(answer.Text).ValueKind));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _vocabulary.Dispose();
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private async Task<(string Text, StopReason Reason)> AnswerAsync(string grammar, ulong seed)
    {
        var request = new EngineRequest
        {
            Prompt = _vocabulary.EncodeChat([new ChatMessage("user", TinyModel.Question)]),
            MaxTokens = 300,
            Sampling = new SamplingParameters { Temperature = 1, Seed = seed },
            Grammar = grammar,
        };
        var text = "";
        await foreach (var item in _engine.GenerateAsync(request, CancellationToken.None))
        {
            switch (item)
            {
                case EngineTokens more:
                    text += more.Text;
                    break;
                case EngineResult result:
                    return (text, result.StopReason);
                default:
                    throw new InvalidOperationException($"Unexpected event {item}");
            }
        }

        throw new InvalidOperationException("The answer ended without a result.");
    }
}
