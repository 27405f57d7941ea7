using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using Microsoft.AspNetCore.Builder;

namespace BTTInferGrid.Front.Tests;

/// <summary>The front on a real port, with a silo and a miner of the tiny model in this process.</summary>
[CollectionDefinition(Collection)]
public sealed class FrontFixture : IAsyncLifetime, ICollectionFixture<FrontFixture>
{
    /// <summary>One front serves all tests of this project.</summary>
    public const string Collection = "front";

    /// <summary>A model of the catalogue that no miner serves.</summary>
    public const string ModelWithoutMiner = "grid-tiny-without-miner";

    private TestGrid? _grid;

    public string Key { get; } = ApiKey.Create();

    public TestGrid Grid => _grid ?? throw new InvalidOperationException("The grid has not been started.");

    private WebApplication App => Grid.Core;

    public async Task InitializeAsync() => _grid = await TestGrid.StartAsync(
        miners: 1,
        builder => builder.Services.AddGridFront(front =>
        {
            front.ApiKeyHashes.Add(ApiKey.Hash(Key));
            front.MaxRequestBytes = 64 << 10;
            front.Models.Add(new CatalogueModel(TinyModel.Id, TinyModel.File, TinyModel.ContextTokens, 128, TinyModel.Probe));
            front.Models.Add(new CatalogueModel(ModelWithoutMiner, TinyModel.File, TinyModel.ContextTokens, 128));
        }),
        static app => app.MapGridFront());

    public async Task DisposeAsync() => await Grid.DisposeAsync();

    /// <summary>A client with the key.</summary>
    public HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = new Uri(App.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    /// <summary>Posts a body as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string path = "/v1/chat/completions")
    {
        using var http = Http();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(path, content);
    }

    /// <summary>Posts a body that must be refused, and gives the error object.</summary>
    public async Task<JsonElement> RefusedAsync(HttpStatusCode status, string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("req_", response.Headers.GetValues("x-request-id").Single());
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error");
    }
}
