using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary><c>POST /v1/completions</c>.</summary>
[Collection(FrontFixture.Collection)]
public sealed class TextCompletionTests(FrontFixture front)
{
    private const string Path = "/v1/completions";

    /// <summary>What a chat completion makes of the question: the template's control tokens are the client's to write here.</summary>
    private string Prompt => front.Grid.Model.Vocabulary.RenderChat([new ChatMessage("user", TinyModel.Question)]);

    [Fact]
    public async Task Post_RenderedChat_IsATextCompletionWithTheAnswerOfTheChat()
    {
        using var response = await PostAsync(new { model = TinyModel.Id, prompt = Prompt, temperature = 0, max_tokens = 32 });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.Equal($"cmpl-{response.Headers.GetValues("x-job-id").Single()}", answer.GetProperty("id").GetString());
        var choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal(TinyModel.Answer, choice.GetProperty("text").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        var chat = front.Grid.Model.Vocabulary.EncodeChat([new ChatMessage("user", TinyModel.Question)]);
        Assert.Equal(chat.Length, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_TextsAndTokens_GiveTheSameAnswersInOrder()
    {
        string[] texts = ["The capital of Japan is", "The capital of France is"];
        var vocabulary = front.Grid.Model.Vocabulary;
        var tokens = texts.Select(text => vocabulary.Encode(text, parseSpecial: true, addStart: true)).ToArray();

        var ofTexts = await TextsAsync(new { model = TinyModel.Id, prompt = texts, temperature = 0, max_tokens = 8 });
        var ofTokens = await TextsAsync(new { model = TinyModel.Id, prompt = tokens, temperature = 0, max_tokens = 8 });
        var ofOne = await TextsAsync(new { model = TinyModel.Id, prompt = texts[1], temperature = 0, max_tokens = 8 });
        var ofOnesTokens = await TextsAsync(new { model = TinyModel.Id, prompt = tokens[1], temperature = 0, max_tokens = 8 });

        Assert.Equal(ofTexts, ofTokens);
        Assert.Equal(2, ofTexts.Length);
        Assert.Equal(ofTexts[1], Assert.Single(ofOne));
        Assert.Equal(ofOne, ofOnesTokens);
    }

    [Fact]
    public async Task Post_NoMaxTokens_Is16()
    {
        using var response = await PostAsync(new { model = TinyModel.Id, prompt = "Once", temperature = 0, logit_bias = NeverEnd });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(16, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Post_SeveralPromptsAndChoicesStreaming_SayTheSameUnderTheirIndex()
    {
        object Body(bool stream) => new
        {
            model = TinyModel.Id,
            prompt = new[] { "Once", "The capital of Japan is" },
            n = 2,
            seed = 5,
            temperature = 1.8,
            max_tokens = 12,
            logit_bias = NeverEnd,
            stream,
        };
        var whole = await TextsAsync(Body(stream: false));
        var chunks = await front.ChunksAsync(JsonSerializer.Serialize(Body(stream: true)), Path);

        var texts = new string[4];
        foreach (var chunk in chunks)
        {
            Assert.Equal("text_completion", chunk.GetProperty("object").GetString());
            var choice = Assert.Single(chunk.GetProperty("choices").EnumerateArray());
            texts[choice.GetProperty("index").GetInt32()] += choice.GetProperty("text").GetString();
        }

        // Four answers share batches, whose make-up moves the last bits of a logit: a later token near a tie may differ.
        Assert.Equal(whole.Select(Beginning), texts.Select(Beginning));
        Assert.Equal(4, whole.Select(Beginning).Distinct().Count());

        static string? Beginning(string? text) => text?[..6];
    }

    [Fact]
    public async Task Post_Logprobs_AreInTheLegacyShape()
    {
        using var response = await PostAsync(new { model = TinyModel.Id, prompt = Prompt, temperature = 0, max_tokens = 32, logprobs = 2 });
        var choice = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0];
        var text = choice.GetProperty("text").GetString()!;
        var logProbs = choice.GetProperty("logprobs");
        var tokens = logProbs.GetProperty("tokens").EnumerateArray().Select(static token => token.GetString()!).ToArray();
        var offsets = logProbs.GetProperty("text_offset").EnumerateArray().Select(static offset => offset.GetInt32()).ToArray();

        Assert.Equal(text, string.Concat(tokens));
        Assert.All(tokens.Zip(offsets), pair => Assert.Equal(pair.First, text.Substring(pair.Second, pair.First.Length)));
        Assert.Equal(tokens.Length, logProbs.GetProperty("token_logprobs").GetArrayLength());
        Assert.All(
            logProbs.GetProperty("top_logprobs").EnumerateArray().Zip(tokens),
            static pair => Assert.True(pair.First.TryGetProperty(pair.Second, out _)));
        Assert.All(logProbs.GetProperty("top_logprobs").EnumerateArray(), static top => Assert.Equal(2, top.EnumerateObject().Count()));
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "prompt")]
    [InlineData("""{"prompt": ""}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt": []}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt": {}}""", "invalid_type", "prompt")]
    [InlineData("""{"prompt": [{}]}""", "invalid_type", "prompt")]
    [InlineData("""{"prompt": ["a", 1]}""", "invalid_type", "prompt")]
    [InlineData("""{"prompt": [1, "a"]}""", "invalid_type", "prompt[1]")]
    [InlineData("""{"prompt": [[1], [-1]]}""", "invalid_type", "prompt[1][0]")]
    [InlineData("""{"prompt": [[1], []]}""", "invalid_value", "prompt[1]")]
    [InlineData("""{"prompt": [1024]}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt": "a", "echo": true}""", "unsupported_parameter", "echo")]
    [InlineData("""{"prompt": "a", "suffix": "b"}""", "unsupported_parameter", "suffix")]
    [InlineData("""{"prompt": "a", "best_of": 2}""", "unsupported_parameter", "best_of")]
    [InlineData("""{"prompt": "a", "logprobs": 6}""", "invalid_value", "logprobs")]
    [InlineData("""{"prompt": ["a", "b", "c", "d", "e"], "n": 8}""", "invalid_value", "n")]
    [InlineData("""{"prompt": "a", "max_tokens": 512}""", "context_length_exceeded", "prompt")]
    public async Task Post_WrongBody_IsRefusedByField(string body, string code, string field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, WithModel(body), Path);

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_FieldsThatChangeNothing_AreAccepted()
    {
        using var response = await front.PostAsync(
            WithModel("""{"prompt": "a", "echo": false, "suffix": null, "best_of": 2, "n": 2, "logprobs": null, "user": "x", "made_up": 1, "max_tokens": 1}"""),
            Path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Dictionary<string, int> NeverEnd => TinyModel.NeverEnd.ToDictionary(
        static bias => bias.Token.ToString(System.Globalization.CultureInfo.InvariantCulture), static bias => (int)bias.Bias);

    private static string WithModel(string body) =>
        body == "{}" ? $$"""{"model": "{{TinyModel.Id}}"}""" : $$"""{"model": "{{TinyModel.Id}}", """ + body[1..];

    private Task<HttpResponseMessage> PostAsync(object body) => front.PostAsync(JsonSerializer.Serialize(body), Path);

    private async Task<string?[]> TextsAsync(object body)
    {
        using var response = await PostAsync(body);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. answer.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString())];
    }
}
