using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace BTTInferGrid.Front.Tests;

/// <summary>The description of the API is well-formed, names every route, and is true of what they answer.</summary>
[Collection(FrontFixture.Collection)]
public sealed class OpenApiTests(FrontFixture front)
{
    private const string Path = "/openapi/v1.json";

    public static TheoryData<string, string, string, string?> Answers
    {
        get
        {
            const string Chat = """{"model": "grid-tiny", "max_tokens": 3, "messages": [{"role": "user", "content": "a"}], "n": 2""";
            const string Text = """{"model": "grid-tiny", "max_tokens": 3, "prompt": "a", "n": 2""";
            return new()
            {
                { "Live", "GET", "/health/live", null },
                { "Ready", "GET", "/health/ready", null },
                { "ModelList", "GET", "/v1/models", null },
                { "Model", "GET", "/v1/models/grid-tiny", null },
                { "Error", "GET", "/v1/models/none", null },
                { "MinerList", "GET", "/v1/grid/miners", null },
                { "GridModelList", "GET", "/v1/grid/models", null },
                { "ApiKeyList", "GET", "/v1/grid/keys", null },
                { "CreatedApiKey", "POST", "/v1/grid/keys", """{"name": "described", "limits": {"tokens_per_minute": 5}}""" },
                { "ChatCompletion", "POST", "/v1/chat/completions", Chat + "}" },
                { "ChatCompletion", "POST", "/v1/chat/completions", Chat + """, "logprobs": true, "top_logprobs": 2}""" },
                { "ChatCompletionChunk", "POST", "/v1/chat/completions", Chat + """, "logprobs": true, "top_logprobs": 2, "stream": true, "stream_options": {"include_usage": true}}""" },
                { "ChatCompletionChunk", "POST", "/v1/chat/completions", Chat + """, "stream": true}""" },
                { "Completion", "POST", "/v1/completions", Text + """, "logprobs": 2}""" },
                { "CompletionChunk", "POST", "/v1/completions", Text + """, "logprobs": 2, "stream": true, "stream_options": {"include_usage": true}}""" },
                { "EmbeddingList", "POST", "/v1/embeddings", """{"model": "grid-tiny", "input": ["a", "b"]}""" },
                { "EmbeddingList", "POST", "/v1/embeddings", """{"model": "grid-tiny", "input": [5], "encoding_format": "base64"}""" },
                { "Tokens", "POST", "/tokenize", """{"model": "grid-tiny", "prompt": "a", "return_token_strs": true}""" },
                { "DetokenizedText", "POST", "/detokenize", """{"model": "grid-tiny", "tokens": [5]}""" },
            };
        }
    }

    [Fact]
    public async Task Document_WithoutAKey_IsOpenApiWithoutErrors()
    {
        using var http = front.Http();
        http.DefaultRequestHeaders.Authorization = null;

        var read = OpenApiDocument.Parse(await http.GetStringAsync(Path), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal("bearer", read.Document!.Components!.SecuritySchemes!["bearer"].Scheme);
    }

    [Fact]
    public async Task Document_Paths_AreTheRoutesThatAreMapped()
    {
        var mapped = front.Grid.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static route => route.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
            .SelectMany(static route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                .Select(method => $"{method} {Regex.Replace("/" + route.RoutePattern.RawText!.Trim('/'), @"\{\**(\w+)\}", "{$1}")}"));
        var document = await DocumentAsync();

        var described = document.GetProperty("paths").EnumerateObject().SelectMany(static path =>
            path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(mapped.Order(), described.Order());
    }

    [Fact]
    public async Task Document_References_AllLeadSomewhere()
    {
        var document = await DocumentAsync();

        var references = Regex.Matches(document.GetRawText(), "\"\\$ref\": ?\"#/([^\"]+)\"").Select(static match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(references);
        Assert.All(references.Distinct(), reference => Assert.Equal(
            JsonValueKind.Object, reference.Split('/').Aggregate(document, static (at, name) => at.GetProperty(name)).ValueKind));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Document_Schemas_AreTrueOfRealAnswers(string schema, string method, string path, string? body)
    {
        using var http = front.Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        var objects = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(static line => line["data: ".Length..])
            : [text];

        await AssertAllAsync(schema, objects);
    }

    [Fact]
    public async Task Document_Schemas_AreTrueOfAJobAndARevokedKey()
    {
        using var http = front.Http();
        using var chat = await front.PostAsync("""{"model": "grid-tiny", "max_tokens": 3, "messages": [{"role": "user", "content": "a"}]}""");
        var created = await (await front.PostAsync("""{"name": "revoked"}""", "/v1/grid/keys")).Content.ReadFromJsonAsync<JsonElement>();

        await AssertAllAsync("Job", [await http.GetStringAsync($"/v1/grid/jobs/{chat.Headers.GetValues("x-job-id").Single()}")]);
        using var revoked = await http.DeleteAsync($"/v1/grid/keys/{created.GetProperty("id").GetString()}");
        await AssertAllAsync("RevokedApiKey", [await revoked.Content.ReadAsStringAsync()]);
    }

    private async Task AssertAllAsync(string schema, IEnumerable<string> objects)
    {
        var root = JsonNode.Parse((await DocumentAsync()).GetRawText())!.AsObject();
        var checker = new SchemaChecker(JsonSerializer.SerializeToElement(new JsonObject
        {
            ["$ref"] = $"#/components/schemas/{schema}",
            ["components"] = root["components"]!.DeepClone(),
        }));
        Assert.All(objects, text => Assert.True(checker.Satisfies(JsonSerializer.Deserialize<JsonElement>(text)), text));
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var http = front.Http();
        return await http.GetFromJsonAsync<JsonElement>(Path);
    }
}
