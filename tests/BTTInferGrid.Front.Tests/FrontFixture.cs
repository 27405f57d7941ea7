using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Connections;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Grains.Routing;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Front.Tests;

/// <summary>The front on a real port, with a silo and a miner of the tiny model in this process.</summary>
[CollectionDefinition(Collection)]
public sealed class FrontFixture : IAsyncLifetime, ICollectionFixture<FrontFixture>
{
    /// <summary>One front serves all tests of this project.</summary>
    public const string Collection = "front";

    /// <summary>A model of the catalogue that no miner serves.</summary>
    public const string ModelWithoutMiner = "grid-tiny-without-miner";

    /// <summary>The account of most tests.</summary>
    public const string Account = "test";

    private readonly LogText _log = new();
    private TestGrid? _grid;

    /// <summary>A key for everything.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The clock of the front and the silo. It stands still until a test moves it.</summary>
    public TestClock Clock { get; } = new();

    public IGrainFactory Grains => App.Services.GetRequiredService<IGrainFactory>();

    /// <summary>All that was logged.</summary>
    public string Log => _log.All;

    public TestGrid Grid => _grid ?? throw new InvalidOperationException("The grid has not been started.");

    private WebApplication App => Grid.Core;

    public async Task InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(miners: 1, Configure, static app => app.MapGridFront());
        Key = await CreateKeyAsync(scopes: ApiKeyScopes.Inference | ApiKeyScopes.Admin);
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.UseFrontLimits());
        builder.Services.AddKeyedSingleton<TimeProvider>(GridClockAttribute.Name, Clock);

        // What a test moves the clock by is no silence of the silo.
        builder.Services.Configure<RoutingOptions>(static options => options.SilentFor = TimeSpan.FromMinutes(5));
        builder.Services.AddGridFront(front =>
        {
            front.MaxRequestBytes = 64 << 10;
            front.Models.Add(new CatalogueModel(TinyModel.Id, TinyModel.File, TinyModel.ContextTokens, 128, TinyModel.Probe));
            front.Models.Add(new CatalogueModel(ModelWithoutMiner, TinyModel.File, TinyModel.ContextTokens, 128));
        });
    }

    public async Task DisposeAsync() => await Grid.DisposeAsync();

    /// <summary>Makes a key without asking the API.</summary>
    public async Task<string> CreateKeyAsync(
        string account = Account, ApiKeyScopes scopes = ApiKeyScopes.Inference, ApiKeyLimits? limits = null)
    {
        var key = ApiKey.Create();
        await Grains.GetAccount(account).CreateKey(
            new NewApiKey(ApiKey.Hash(key), "made by a test", scopes, ExpiresAt: null, limits ?? ApiKeyLimits.None));
        return key;
    }

    /// <summary>A client with a key, the one for everything unless another is given.</summary>
    public HttpClient Http(string? key = null)
    {
        var http = new HttpClient { BaseAddress = new Uri(App.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        return http;
    }

    /// <summary>Posts a body as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string path = "/v1/chat/completions", string? key = null)
    {
        using var http = Http(key);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(path, content);
    }

    /// <summary>Posts a body that must be answered whole, and gives the answer.</summary>
    public async Task<JsonElement> CompleteAsync(string body, string path = "/v1/chat/completions")
    {
        using var response = await PostAsync(body, path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(HttpStatusCode.OK == response.StatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Posts a body that asks for a stream, and gives its chunks; the stream must end as OpenAI's do.</summary>
    public async Task<JsonElement[]> ChunksAsync(string body, string path = "/v1/chat/completions")
    {
        using var response = await PostAsync(body, path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(HttpStatusCode.OK == response.StatusCode, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, static line => Assert.StartsWith("data: ", line));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(static line => JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]))];
    }

    /// <summary>Posts a body that must be refused, and gives the error object.</summary>
    public async Task<JsonElement> RefusedAsync(HttpStatusCode status, string body, string path = "/v1/chat/completions")
    {
        using var response = await PostAsync(body, path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("req_", response.Headers.GetValues("x-request-id").Single());
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error");
    }
}
