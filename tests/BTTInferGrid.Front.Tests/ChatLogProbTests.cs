using System.Net;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary><c>logprobs</c> and <c>top_logprobs</c> of chat completions.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ChatLogProbTests(FrontFixture front)
{
    [Fact]
    public async Task Post_Logprobs_TokensSpellTheAnswerAndTheirBytesToo()
    {
        var choice = (await CompleteAsync("\"temperature\": 0, \"logprobs\": true, \"top_logprobs\": 3")).GetProperty("choices")[0];
        var tokens = choice.GetProperty("logprobs").GetProperty("content");

        Assert.Equal(TinyModel.Answer, Text(tokens));
        Assert.Equal(TinyModel.Answer, Encoding.UTF8.GetString(Bytes(tokens)));
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").GetProperty("refusal").ValueKind);
        Assert.All(tokens.EnumerateArray(), static token =>
        {
            var top = token.GetProperty("top_logprobs").EnumerateArray().ToArray();
            Assert.Equal(3, top.Length);

            // At temperature 0 the likeliest token is the one that is chosen.
            Assert.Equal(token.GetProperty("token").GetString(), top[0].GetProperty("token").GetString());
            Assert.Equal(LogProbability(token), LogProbability(top[0]));
            Assert.True(LogProbability(top[0]) >= LogProbability(top[1]));
            Assert.True(top.Sum(static one => Math.Exp(LogProbability(one))) <= 1.0001);
        });
    }

    [Fact]
    public async Task Post_LogprobsAlone_TellsOfNoOtherTokens()
    {
        var answer = await CompleteAsync("\"temperature\": 0, \"logprobs\": true");

        Assert.All(
            answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray(),
            static token => Assert.Empty(token.GetProperty("top_logprobs").EnumerateArray()));
    }

    [Fact]
    public async Task Post_NoLogprobs_IsNull()
    {
        var answer = await CompleteAsync("\"temperature\": 0, \"logprobs\": false, \"top_logprobs\": 0");

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
    }

    [Fact]
    public async Task Post_LogprobsWithStopText_LeavesOutTheTokensOfTheStopText()
    {
        var choice = (await CompleteAsync("\"temperature\": 0, \"logprobs\": true, \"stop\": \" Tokyo\"")).GetProperty("choices")[0];

        Assert.Equal("The capital of Japan is", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("The capital of Japan is", Text(choice.GetProperty("logprobs").GetProperty("content")));
    }

    [Fact]
    public async Task Post_LogprobsStreaming_AreThoseOfTheWholeAnswer()
    {
        const string Fields = "\"temperature\": 0, \"logprobs\": true, \"top_logprobs\": 2, \"stop\": \"japanese\"";
        var whole = (await CompleteAsync(Fields)).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content");
        var chunks = await front.ChunksAsync(Body(Fields + ", \"stream\": true"));

        var streamed = new List<JsonElement>();
        foreach (var chunk in chunks)
        {
            var choice = chunk.GetProperty("choices")[0];
            if (choice.GetProperty("logprobs").ValueKind == JsonValueKind.Object)
            {
                var tokens = choice.GetProperty("logprobs").GetProperty("content");
                Assert.Equal(choice.GetProperty("delta").GetProperty("content").GetString(), Text(tokens));
                streamed.AddRange(tokens.EnumerateArray());
            }
        }

        Assert.Equal(
            whole.EnumerateArray().Select(static token => token.GetProperty("token").GetString()),
            streamed.Select(static token => token.GetProperty("token").GetString()));
    }

    [Fact]
    public async Task Post_TokensThatArePartsOfCharacters_AreNamedByTheirBytes()
    {
        // A bias so strong that the answer is this token, which is one byte of a longer character.
        var vocabulary = front.Grid.Model.Vocabulary;
        var part = Enumerable.Range(0, vocabulary.Size).First(token => vocabulary.Decode(token).SequenceEqual<byte>([0xE2]));
        var choice = (await CompleteAsync(
            $$"""
            "temperature": 0, "max_tokens": 2, "logprobs": true, "top_logprobs": 1, "logit_bias": {"{{part}}": 100}
            """)).GetProperty("choices")[0];

        Assert.Equal("\uFFFD\uFFFD", choice.GetProperty("message").GetProperty("content").GetString());
        var tokens = choice.GetProperty("logprobs").GetProperty("content").EnumerateArray().ToArray();
        Assert.Equal(2, tokens.Length);
        Assert.All(tokens, static token =>
        {
            Assert.Equal("\\xe2", token.GetProperty("token").GetString());
            Assert.Equal([0xE2], token.GetProperty("bytes").EnumerateArray().Select(static one => one.GetByte()));
        });
    }

    [Theory]
    [InlineData("\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs", "invalid_value")]
    [InlineData("\"logprobs\": true, \"top_logprobs\": -1", "top_logprobs", "invalid_value")]
    [InlineData("\"top_logprobs\": 3", "top_logprobs", "invalid_value")]
    [InlineData("\"logprobs\": 3", "logprobs", "invalid_type")]
    public async Task Post_WrongLogprobs_IsRefusedByField(string fields, string field, string code)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, Body(fields));

        Assert.Equal(field, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
    }

    private static double LogProbability(JsonElement token) => token.GetProperty("logprob").GetDouble();

    private static string Text(JsonElement tokens) =>
        string.Concat(tokens.EnumerateArray().Select(static token => token.GetProperty("token").GetString()));

    private static byte[] Bytes(JsonElement tokens) =>
        [.. tokens.EnumerateArray().SelectMany(static token => token.GetProperty("bytes").EnumerateArray()).Select(static part => part.GetByte())];

    private Task<JsonElement> CompleteAsync(string fields) => front.CompleteAsync(Body(fields));

    private static string Body(string fields) =>
        $$"""{"model": "{{TinyModel.Id}}", {{fields}}, "messages": [{"role": "user", "content": "{{TinyModel.Question}}"}]}""";
}
