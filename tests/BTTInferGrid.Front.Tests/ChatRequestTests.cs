using System.Net;

namespace BTTInferGrid.Front.Tests;

/// <summary>What a client may send, and what it is told when it sends something else.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ChatRequestTests(FrontFixture front)
{
    private const string Messages = """[{"role": "user", "content": "What is the capital of Japan?"}]""";

    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("{", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("\"text\"", "invalid_json", null)]
    [InlineData("{}", "missing_required_parameter", "model")]
    [InlineData("""{"model": 1}""", "invalid_type", "model")]
    [InlineData("""{"model": "grid-tiny"}""", "missing_required_parameter", "messages")]
    [InlineData("""{"model": "grid-tiny", "messages": {}}""", "invalid_type", "messages")]
    [InlineData("""{"model": "grid-tiny", "messages": []}""", "invalid_value", "messages")]
    [InlineData("""{"model": "grid-tiny", "messages": [1]}""", "invalid_type", "messages[0]")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"content": "a"}]}""", "missing_required_parameter", "messages[0].role")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "king", "content": "a"}]}""", "invalid_value", "messages[0].role")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "tool", "content": "a"}]}""", "unsupported_value", "messages[0].role")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user"}]}""", "missing_required_parameter", "messages[0].content")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": 1}]}""", "invalid_type", "messages[0].content")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": "\ud800"}]}""", "invalid_value", "messages[0].content")]
    [InlineData("""{"model": "grid-tiny", "\ud800": 1}""", "invalid_value", null)]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": "a"}], "logit_bias": {"5": 101}}""", "invalid_value", "logit_bias.5")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": "a"}], "logit_bias": {"1024": 1}}""", "invalid_value", "logit_bias.1024")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", "unsupported_value", "messages[0].content[0].type")]
    [InlineData("""{"model": "grid-tiny", "messages": [{"role": "user", "content": [{"type": "text"}]}]}""", "missing_required_parameter", "messages[0].content[0].text")]
    public async Task Post_MalformedBody_IsRefusedByField(string body, string code, string? field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, body);

        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("temperature", "2.1", "invalid_value")]
    [InlineData("temperature", "-0.1", "invalid_value")]
    [InlineData("temperature", "1e999", "invalid_value")]
    [InlineData("temperature", "\"warm\"", "invalid_type")]
    [InlineData("top_p", "1.1", "invalid_value")]
    [InlineData("top_k", "-1", "invalid_value")]
    [InlineData("min_p", "2", "invalid_value")]
    [InlineData("max_tokens", "0", "invalid_value")]
    [InlineData("max_tokens", "1.5", "invalid_type")]
    [InlineData("max_completion_tokens", "-5", "invalid_value")]
    [InlineData("max_tokens", "99999999999999999999", "invalid_type")]
    [InlineData("seed", "\"x\"", "invalid_type")]
    [InlineData("stream", "\"yes\"", "invalid_type")]
    [InlineData("stop", "1", "invalid_type")]
    [InlineData("stop", "[\"\"]", "invalid_value")]
    [InlineData("modalities", "[\"text\", \"audio\"]", "unsupported_parameter")]
    [InlineData("tool_choice", "\"\\ud800\"", "invalid_value")]
    [InlineData("stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "invalid_value")]
    [InlineData("n", "0", "invalid_value")]
    [InlineData("n", "9", "invalid_value")]
    [InlineData("frequency_penalty", "2.5", "invalid_value")]
    [InlineData("presence_penalty", "3", "invalid_value")]
    [InlineData("logit_bias", "[1]", "invalid_type")]
    [InlineData("logit_bias", "{\"one\": 5}", "invalid_value")]
    [InlineData("tools", "[{\"type\": \"function\"}]", "unsupported_parameter")]
    public async Task Post_FieldOutOfRange_IsRefusedByField(string field, string value, string code)
    {
        var error = await front.RefusedAsync(
            HttpStatusCode.BadRequest, $$"""{"model": "grid-tiny", "messages": {{Messages}}, "{{field}}": {{value}}}""");

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
        Assert.Contains(field, error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("\"user\": \"somebody\", \"metadata\": {\"a\": 1}, \"made_up\": [1]")]
    [InlineData("\"n\": 1, \"logprobs\": false, \"frequency_penalty\": 0, \"presence_penalty\": 0, \"logit_bias\": {}")]
    [InlineData("\"tools\": [], \"tool_choice\": \"none\", \"response_format\": {\"type\": \"text\"}, \"top_logprobs\": 0, \"modalities\": [\"text\"]")]
    [InlineData("\"top_p\": 0, \"top_k\": 40, \"min_p\": 0.05, \"seed\": -9223372036854775808")]
    [InlineData("\"stop\": null, \"max_tokens\": null, \"temperature\": null, \"stream\": null, \"stream_options\": null")]
    public async Task Post_FieldsThatChangeNothing_AreAccepted(string fields)
    {
        using var response = await front.PostAsync($$"""{"model": "grid-tiny", "messages": {{Messages}}, {{fields}}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_PromptAndAnswerBeyondContext_IsRefusedWithTheNumbers()
    {
        var error = await front.RefusedAsync(
            HttpStatusCode.BadRequest, $$"""{"model": "grid-tiny", "messages": {{Messages}}, "max_tokens": 512}""");

        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Contains("512 in the completion", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Post_LargestMaxTokens_IsRefusedWithoutOverflow()
    {
        var error = await front.RefusedAsync(
            HttpStatusCode.BadRequest, $$"""{"model": "grid-tiny", "messages": {{Messages}}, "max_tokens": 2147483647}""");

        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.DoesNotContain("-", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Post_BodyOverTheLimit_Is413()
    {
        var error = await front.RefusedAsync(
            HttpStatusCode.RequestEntityTooLarge, $$"""{"model": "grid-tiny", "padding": "{{new string('x', 65 << 10)}}"}""");

        Assert.Equal("request_too_large", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_NestingWithoutEnd_IsRefused()
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, new string('[', 10_000));

        Assert.Equal("invalid_json", error.GetProperty("code").GetString());
    }
}
