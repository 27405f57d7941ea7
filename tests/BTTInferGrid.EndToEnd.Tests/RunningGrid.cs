using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using BTTInferGrid.Testing;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>One grid process for the tests of a class, and clients for it.</summary>
public sealed class RunningGrid : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private GridProcess? _process;

    public GridProcess Process => _process ?? throw new InvalidOperationException("The grid has not been started.");

    public string Home => _home.Path;

    public async Task InitializeAsync() => _process = await GridProcess.StartAsync(_home.Path);

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        _home.Dispose();

        // No test asks for a fault of the grid's own, so none may be in the log.
        Assert.False(Process.Log.Contains("fail: BTTInferGrid", StringComparison.Ordinal), $"The grid failed inside:\n{Process.Log}");
    }

    /// <summary>OpenAI's own .NET client, which repeats nothing behind the test's back.</summary>
    public ChatClient Client(string model = TinyModel.Id, string? key = null) =>
        new(model, new ApiKeyCredential(key ?? Process.Key), Options());

    /// <summary>The same for embeddings.</summary>
    public EmbeddingClient Embeddings(string model = TinyModel.Id) =>
        new(model, new ApiKeyCredential(Process.Key), Options());

    private OpenAIClientOptions Options() => new()
    {
        Endpoint = new Uri(Process.Url, "v1"),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    };

    /// <summary>A plain HTTP client with the key. It hangs up on an answer that it does not want, instead of draining it.</summary>
    public HttpClient Http()
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = Process.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Process.Key);
        return http;
    }
}
