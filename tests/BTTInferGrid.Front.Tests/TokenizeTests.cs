using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary><c>POST /tokenize</c> and <c>POST /detokenize</c>.</summary>
[Collection(FrontFixture.Collection)]
public sealed class TokenizeTests(FrontFixture front)
{
    private Vocabulary Vocabulary => front.Grid.Model.Vocabulary;

    [Fact]
    public async Task Tokenize_Messages_AreThePromptOfTheChatCompletion()
    {
        object[] messages = [new { role = "user", content = TinyModel.Question }];
        var tokenized = await PostAsync("/tokenize", new { model = TinyModel.Id, messages });
        var chat = await PostAsync("/v1/chat/completions", new { model = TinyModel.Id, messages, max_tokens = 1 });

        Assert.Equal(Vocabulary.EncodeChat([new ChatMessage("user", TinyModel.Question)]), Tokens(tokenized));
        Assert.Equal(
            chat.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), tokenized.GetProperty("count").GetInt32());
        Assert.Equal(TinyModel.ContextTokens, tokenized.GetProperty("max_model_len").GetInt32());
        Assert.Equal(JsonValueKind.Null, tokenized.GetProperty("token_strs").ValueKind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokenize_Prompt_IsWithOrWithoutTheStartToken(bool start)
    {
        var tokenized = await PostAsync("/tokenize", new { model = TinyModel.Id, prompt = "Tokyo", add_special_tokens = start });

        Assert.Equal(Vocabulary.Encode("Tokyo", parseSpecial: true, addStart: start), Tokens(tokenized));
    }

    [Fact]
    public async Task Tokenize_WithTheirTexts_NamesEachToken()
    {
        var tokenized = await PostAsync(
            "/tokenize", new { model = TinyModel.Id, prompt = "Tokyo é", add_special_tokens = false, return_token_strs = true });

        var names = tokenized.GetProperty("token_strs").EnumerateArray().Select(static name => name.GetString()!).ToArray();
        Assert.Equal(tokenized.GetProperty("count").GetInt32(), names.Length);
        Assert.StartsWith("Tokyo", string.Concat(names));
    }

    [Fact]
    public async Task Detokenize_TokensOfAPrompt_IsThePromptWithItsControlTokens()
    {
        var prompt = Vocabulary.RenderChat([new ChatMessage("user", "Où est Tokyo 😀?")]);
        var tokens = Vocabulary.Encode(prompt, parseSpecial: true);

        var text = await PostAsync("/detokenize", new { model = TinyModel.Id, tokens });

        Assert.Equal(prompt, text.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("/tokenize", "{}", "missing_required_parameter", "model")]
    [InlineData("/tokenize", """{"model": "grid-tiny"}""", "missing_required_parameter", "prompt")]
    [InlineData("/tokenize", """{"model": "grid-tiny", "prompt": ["a"]}""", "invalid_type", "prompt")]
    [InlineData("/tokenize", """{"model": "grid-tiny", "prompt": "a", "messages": [{"role": "user", "content": "a"}]}""", "invalid_value", "prompt")]
    [InlineData("/detokenize", """{"model": "grid-tiny"}""", "missing_required_parameter", "tokens")]
    [InlineData("/detokenize", """{"model": "grid-tiny", "tokens": "a"}""", "invalid_type", "tokens")]
    [InlineData("/detokenize", """{"model": "grid-tiny", "tokens": [1024]}""", "invalid_value", "tokens")]
    public async Task Post_WrongBody_IsRefusedByField(string path, string body, string code, string field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, body, path);

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Tokenize_WithoutAKey_Is401()
    {
        using var http = front.Http();
        http.DefaultRequestHeaders.Remove("Authorization");

        using var response = await http.PostAsJsonAsync("/tokenize", new { model = TinyModel.Id, prompt = "a" });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static int[] Tokens(JsonElement answer) =>
        [.. answer.GetProperty("tokens").EnumerateArray().Select(static token => token.GetInt32())];

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await front.PostAsync(JsonSerializer.Serialize(body), path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
