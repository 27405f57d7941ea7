using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Embeddings;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary><c>POST /v1/embeddings</c>.</summary>
[Collection(FrontFixture.Collection)]
public sealed class EmbeddingsTests(FrontFixture front)
{
    private const string Path = "/v1/embeddings";

    [Fact]
    public async Task Post_OneText_IsAListOfOneVectorOfLengthOne()
    {
        using var response = await PostAsync(new { model = TinyModel.Id, input = "Tokyo" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("list", answer.GetProperty("object").GetString());
        Assert.Equal(TinyModel.Id, answer.GetProperty("model").GetString());
        var one = Assert.Single(answer.GetProperty("data").EnumerateArray());
        Assert.Equal("embedding", one.GetProperty("object").GetString());
        Assert.Equal(0, one.GetProperty("index").GetInt32());
        var vector = Numbers(one);
        Assert.Equal(front.Grid.Model.Vocabulary.EmbeddingLength, vector.Length);
        Assert.Equal(1, Math.Sqrt(vector.Sum(static number => (double)number * number)), 3);
        var tokens = front.Grid.Model.Vocabulary.EncodeInput("Tokyo").Length;
        Assert.Equal(tokens, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(tokens, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Single(response.Headers.GetValues("x-job-id"));
    }

    [Fact]
    public async Task Post_Base64_IsTheSameNumbers()
    {
        var numbers = Numbers((await EmbedAsync(new { model = TinyModel.Id, input = "Tokyo", encoding_format = "float" }))[0]);
        var base64 = (await EmbedAsync(new { model = TinyModel.Id, input = "Tokyo", encoding_format = "base64" }))[0];

        Assert.Equal(numbers, MemoryMarshal.Cast<byte, float>(base64.GetProperty("embedding").GetBytesFromBase64()).ToArray());
    }

    [Fact]
    public async Task Post_TextsAndTokens_KeepTheirOrder()
    {
        string[] texts = ["Tokyo", "The capital of France is Paris.", "one two three"];
        var tokens = texts.Select(front.Grid.Model.Vocabulary.EncodeInput).ToArray();

        var together = await EmbedAsync(new { model = TinyModel.Id, input = texts });
        var asTokens = await EmbedAsync(new { model = TinyModel.Id, input = tokens });
        var last = Numbers((await EmbedAsync(new { model = TinyModel.Id, input = texts[2] }))[0]);

        Assert.Equal([0, 1, 2], together.Select(static one => one.GetProperty("index").GetInt32()));
        Assert.Equal(together.Select(Numbers), asTokens.Select(Numbers));
        Assert.Equal(1, Cosine(last, Numbers(together[2])), 3);
        Assert.True(Cosine(last, Numbers(together[0])) < 0.999);
    }

    [Fact]
    public async Task Post_MoreThanOneJobHolds_ComesInOrderFromSeveral()
    {
        var texts = Enumerable.Range(0, 1500).Select(static i => $"number {i}").ToArray();

        using var response = await PostAsync(new { model = TinyModel.Id, input = texts });
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");

        Assert.Equal(texts.Length, data.GetArrayLength());
        Assert.True(response.Headers.GetValues("x-job-id").Single().Split(", ").Length > 1);
        var alone = Numbers((await EmbedAsync(new { model = TinyModel.Id, input = texts[^1] }))[0]);
        Assert.Equal(1, Cosine(alone, Numbers(data[texts.Length - 1])), 3);
    }

    [Fact]
    public void Divide_ManyInputs_KeepsEachJobWithinItsBounds()
    {
        var inputs = Enumerable.Range(1, 300).Select(static i => Enumerable.Repeat(i, i == 7 ? 9000 : i).ToImmutableArray()).ToList();

        var batches = EmbeddingBatches.Divide(inputs, dimensions: 4096);

        Assert.Equal(inputs, batches.SelectMany(static batch => batch));
        Assert.All(batches, static batch =>
        {
            Assert.True(batch.Length * 4096 <= EmbeddingBatches.MaxNumbers);
            Assert.True(batch.Length == 1 || batch.Sum(static input => input.Length) <= EmbeddingBatches.MaxTokens);
        });
    }

    [Theory]
    [InlineData("\"encoding_format\": null, \"dimensions\": null, \"user\": \"me\", \"made_up\": 1")]
    [InlineData("\"dimensions\": {0}")]
    public async Task Post_FieldsThatChangeNothing_AreAccepted(string fields)
    {
        var dimensions = front.Grid.Model.Vocabulary.EmbeddingLength;
        using var response = await front.PostAsync(
            $$"""{"model": "{{TinyModel.Id}}", "input": "a", {{fields.Replace("{0}", $"{dimensions}", StringComparison.Ordinal)}}}""", Path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("\"user\": \"me\"", "missing_required_parameter", "input")]
    [InlineData("\"input\": \"\"", "invalid_value", "input")]
    [InlineData("\"input\": []", "invalid_value", "input")]
    [InlineData("\"input\": [\"a\", \"\"]", "invalid_value", "input[1]")]
    [InlineData("\"input\": 1", "invalid_type", "input")]
    [InlineData("\"input\": [true]", "invalid_type", "input")]
    [InlineData("\"input\": [5000]", "invalid_value", "input")]
    [InlineData("\"input\": \"a\", \"encoding_format\": \"int8\"", "invalid_value", "encoding_format")]
    [InlineData("\"input\": \"a\", \"dimensions\": 3", "unsupported_value", "dimensions")]
    public async Task Post_WrongBody_IsRefusedByField(string fields, string code, string field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, $$"""{"model": "{{TinyModel.Id}}", {{fields}}}""", Path);

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_TooMuch_IsRefusedWithTheNumbers()
    {
        var tooMany = await RefusedAsync(new { model = TinyModel.Id, input = Enumerable.Repeat("a", 2049) });
        var tooLong = await RefusedAsync(new { model = TinyModel.Id, input = (string[])["a", string.Join(' ', Enumerable.Repeat("Tokyo", 2000))] });

        Assert.Contains("2049", tooMany.GetProperty("message").GetString());
        Assert.Equal("context_length_exceeded", tooLong.GetProperty("code").GetString());
        Assert.Equal("input[1]", tooLong.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_KeyWithLimits_CountsTheTokens()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(TokensPerMinute: 1000, MaxRequestTokens: 10));
        var body = JsonSerializer.Serialize(new { model = TinyModel.Id, input = "Tokyo" });
        var tokens = front.Grid.Model.Vocabulary.EncodeInput("Tokyo").Length;

        using var response = await front.PostAsync(body, Path, key);
        using var next = await front.PostAsync(body, Path, key);
        using var large = await front.PostAsync(
            JsonSerializer.Serialize(new { model = TinyModel.Id, input = string.Join(' ', Enumerable.Repeat("Tokyo", 20)) }), Path, key);

        Assert.Equal($"{1000 - tokens}", response.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
        Assert.Equal($"{1000 - (2 * tokens)}", next.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
    }

    [Fact]
    public async Task Post_ModelWithoutMiner_Is503()
    {
        var error = await front.RefusedAsync(
            HttpStatusCode.ServiceUnavailable,
            JsonSerializer.Serialize(new { model = FrontFixture.ModelWithoutMiner, input = "a" }),
            Path);

        Assert.Equal("no_miner", error.GetProperty("code").GetString());
    }

    private static float[] Numbers(JsonElement one) =>
        [.. one.GetProperty("embedding").EnumerateArray().Select(static number => number.GetSingle())];

    private static double Cosine(float[] one, float[] other) => one.Zip(other).Sum(static pair => (double)pair.First * pair.Second);

    private Task<HttpResponseMessage> PostAsync(object body) => front.PostAsync(JsonSerializer.Serialize(body), Path);

    private Task<JsonElement> RefusedAsync(object body) =>
        front.RefusedAsync(HttpStatusCode.BadRequest, JsonSerializer.Serialize(body), Path);

    private async Task<JsonElement[]> EmbedAsync(object body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return [.. JsonSerializer.Deserialize<JsonElement>(text).GetProperty("data").EnumerateArray()];
    }
}
