using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Front.Tests;

/// <summary>What widespread clients send and expect beyond what OpenAI's reference says.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ClientQuirkTests(FrontFixture front)
{
    [Theory]
    [InlineData("""{"role": "assistant", "content": null}""")]
    [InlineData("""{"role": "assistant"}""")]
    [InlineData("""{"role": "assistant", "content": "", "refusal": null, "tool_calls": [], "function_call": null, "audio": null}""")]
    [InlineData("""{"role": "developer", "content": "Be brief.", "name": "me"}""")]
    [InlineData("""{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]}""")]
    [InlineData("""{"role": "user", "content": []}""")]
    public async Task Chat_MessageAsClientsWriteIt_IsAccepted(string message)
    {
        using var response = await front.PostAsync(
            $$"""{"model": "{{TinyModel.Id}}", "max_tokens": 1, "messages": [{{message}}, {"role": "user", "content": "b"}]}""");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("\"stream_options\": null")]
    [InlineData("\"stream_options\": {\"include_usage\": true}")]
    [InlineData("\"stream\": true, \"stream_options\": {}")]
    [InlineData("\"stream\": true, \"stream_options\": {\"include_usage\": null, \"include_obfuscation\": false}")]
    [InlineData("\"stop\": null")]
    [InlineData("\"stop\": []")]
    [InlineData("\"stop\": \"x\"")]
    [InlineData("\"stop\": [\"x\", \"y\"]")]
    [InlineData("\"max_completion_tokens\": 3, \"max_tokens\": null")]
    [InlineData("\"tools\": [], \"tool_choice\": \"auto\", \"parallel_tool_calls\": true")]
    [InlineData("\"store\": false, \"service_tier\": \"auto\", \"reasoning_effort\": \"low\", \"safety_identifier\": \"x\", \"prompt_cache_key\": \"y\"")]
    [InlineData("\"repetition_penalty\": 1.1, \"options\": {\"num_ctx\": 4096}, \"keep_alive\": -1")]
    public async Task Chat_FieldsAsClientsWriteThem_AreAccepted(string fields)
    {
        using var response = await front.PostAsync(Body("\"max_tokens\": 2, " + fields));

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("\"max_completion_tokens\": 3, \"max_tokens\": 9")]
    [InlineData("\"max_completion_tokens\": 3")]
    [InlineData("\"max_tokens\": 3")]
    public async Task Chat_EitherNameOfTheLimit_Limits(string fields)
    {
        using var response = await front.PostAsync(Body("\"temperature\": 0, " + fields));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(3, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]", "tools")]
    [InlineData("\"tool_choice\": \"required\"", "tool_choice")]
    [InlineData("\"functions\": [{\"name\": \"f\"}]", "functions")]
    [InlineData("\"function_call\": {\"name\": \"f\"}", "function_call")]
    [InlineData("\"modalities\": [\"text\", \"audio\"], \"audio\": {\"voice\": \"x\", \"format\": \"wav\"}", "audio")]
    [InlineData("\"prediction\": {\"type\": \"content\", \"content\": \"x\"}", "prediction")]
    [InlineData("\"web_search_options\": {\"search_context_size\": \"low\"}", "web_search_options")]
    public async Task Chat_WhatIsNotServed_IsRefusedByName(string fields, string field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, Body(fields));

        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal("unsupported_parameter", error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("""{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}]}""", "messages[0].content[1].type")]
    [InlineData("""{"role": "user", "content": [{"type": "file", "file": {"file_id": "x"}}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role": "tool", "tool_call_id": "x", "content": "a"}""", "messages[0].role")]
    [InlineData("""{"role": "assistant", "content": null, "tool_calls": [{"id": "x", "type": "function"}]}""", "messages[0].tool_calls")]
    [InlineData("""{"role": "user", "content": null}""", "messages[0].content")]
    public async Task Chat_MessageThatIsNotText_IsRefusedByItsPath(string message, string field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, $$"""{"model": "{{TinyModel.Id}}", "messages": [{{message}}]}""");

        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/models/")]
    [InlineData("GET", "/v1/models/grid-tiny/")]
    [InlineData("POST", "/v1/chat/completions/")]
    [InlineData("POST", "/v1/completions/")]
    [InlineData("POST", "/v1/embeddings/")]
    public async Task Any_TrailingSlash_IsTheSameRoute(string method, string path)
    {
        using var http = front.Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = JsonContent.Create(new
            {
                model = TinyModel.Id,
                max_tokens = 1,
                prompt = "a",
                input = "a",
                messages = new[] { new { role = "user", content = "a" } },
            });
        }

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Models_List_HasTheFieldsThatOpenWebUIReads()
    {
        using var http = front.Http();

        var listed = await http.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.All(listed.GetProperty("data").EnumerateArray(), static model =>
        {
            Assert.Equal(JsonValueKind.String, model.GetProperty("id").ValueKind);
            Assert.Equal("model", model.GetProperty("object").GetString());
            Assert.Equal(JsonValueKind.Number, model.GetProperty("created").ValueKind);
            Assert.Equal(JsonValueKind.String, model.GetProperty("owned_by").ValueKind);
        });
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]")]
    [InlineData("/v1/completions", "\"prompt\": \"a\"")]
    public async Task Stream_EveryChunk_HasChoicesIndexAndFinishReasonAndOneOfThemEnds(string path, string input)
    {
        var chunks = await front.ChunksAsync(
            $$"""{"model": "{{TinyModel.Id}}", {{input}}, "max_tokens": 3, "n": 2, "stream": true, "stream_options": {"include_usage": true} }""", path);

        var ends = new int[2];
        foreach (var chunk in chunks[..^1])
        {
            Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind);
            foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
            {
                var finish = choice.GetProperty("finish_reason");
                Assert.Contains(finish.GetString(), (string?[])[null, "stop", "length"]);
                ends[choice.GetProperty("index").GetInt32()] += finish.ValueKind == JsonValueKind.Null ? 0 : 1;
            }
        }

        Assert.Equal([1, 1], ends);
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(JsonValueKind.Object, chunks[^1].GetProperty("usage").ValueKind);
    }

    [Fact]
    public void Error_CallThatOrleansCancelsWithALostSilo_TellsToComeBack()
    {
        var error = ApiErrors.From(new OperationCanceledException(), "req_1");

        error.Status.Should().Be((int)HttpStatusCode.ServiceUnavailable);
        error.Code.Should().Be("grid_unavailable");
    }

    [Fact]
    public void Errors_RequestThatMinersRefuse_IsTheClientsAndNamesItsField()
    {
        var error = ApiErrors.From(new RequestRefusedException("grammar", "too deep"), "req_1");

        Assert.Equal(400, error.Status);
        Assert.Equal("response_format", error.Field);
    }

    private static string Body(string fields) =>
        $$"""{"model": "{{TinyModel.Id}}", {{fields}}, "messages": [{"role": "user", "content": "{{TinyModel.Question}}"}]}""";
}
