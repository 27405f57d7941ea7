using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BTTInferGrid.Testing;
using FluentAssertions;
using OpenAI;
using OpenAI.Chat;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Nodes and clients reach a grid over TLS: through a reverse proxy, and directly.</summary>
public sealed class ProxyTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryHome _home = new();
    private readonly TemporaryHome _minerHome = new();
    private readonly TestAuthority _authority;

    public ProxyTests() => _authority = new TestAuthority(_home.Path);

    public void Dispose()
    {
        _home.Dispose();
        _minerHome.Dispose();
    }

    [Fact]
    public async Task Answer_ThroughAProxyThatEndsTls_IsRight()
    {
        await using var grid = await StartAsync(static front => front["hosts"] = new JsonArray("localhost"));
        await using var proxy = await NginxProcess.StartAsync(grid.Url, _authority);
        await using var node = Join(proxy.Url);

        (await AnswerAsync(proxy.Url, grid.Key)).Should().Be(TinyModel.Answer);

        // The front closes a link in order, through the proxy too: the node knows the reason and stays.
        (await grid.InterruptAsync()).Should().Be(0);
        await node.WaitForLogAsync("this front stops");
    }

    [Fact]
    public async Task Answer_FrontWithACertificate_IsRight()
    {
        await using var grid = await StartAsync(front =>
        {
            front["certificateFile"] = _authority.CertificateFile;
            front["keyFile"] = _authority.KeyFile;
        });
        await using var node = Join(new Uri($"https://localhost:{grid.Url.Port}"));

        grid.Url.Scheme.Should().Be("https");
        (await AnswerAsync(grid.Url, grid.Key)).Should().Be(TinyModel.Answer);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var http = new HttpClient(_authority.Handler()) { BaseAddress = grid.Url };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live")
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await http.SendAsync(request);
            (response.StatusCode, response.Version).Should().Be((HttpStatusCode.OK, version));
        }
    }

    [Fact]
    public async Task Answer_GridWithMinersAndACertificate_IsRight()
    {
        await using var grid = await StartAsync(
            front =>
            {
                front["certificateFile"] = _authority.CertificateFile;
                front["keyFile"] = _authority.KeyFile;
            },
            command: "up");

        (await AnswerAsync(grid.Url, grid.Key)).Should().Be(TinyModel.Answer);
    }

    [Fact]
    public async Task Request_OnThePortForLinks_IsNotFound()
    {
        var port = FreePorts.Take(1)[0];
        await using var grid = await StartAsync(front => front["linkPort"] = port);
        await using var node = Join(new Uri($"http://127.0.0.1:{port}"));

        (await AnswerAsync(grid.Url, grid.Key)).Should().Be(TinyModel.Answer);
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var path in new[] { "/v1/models", "/metrics", "/health/live", "/orleans" })
        {
            using var response = await http.GetAsync(path);
            response.StatusCode.Should().Be(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Join_CertificateOfAnAuthorityThatIsNotTrusted_IsRefusedByTheNode()
    {
        await using var grid = await StartAsync(front =>
        {
            front["certificateFile"] = _authority.CertificateFile;
            front["keyFile"] = _authority.KeyFile;
        });
        await using var node = GridProcess.Begin(JoinCommand(grid.Url));

        await node.WaitForLogAsync("is not in session with");

        node.Log.Should().Contain("SSL").And.NotContain(" fail:");
        grid.Log.Should().NotContain(" fail:");
    }

    [Fact]
    public async Task Join_PlainHttpToAnotherMachine_IsRefusedWithASentence()
    {
        var (exitCode, _, log) = await GridProcess.RunAsync(JoinCommand(new Uri("http://192.0.2.1:8080")));

        exitCode.Should().Be(2);
        log.Should().Contain("http does not encrypt").And.Contain("Use https");
    }

    private Task<GridProcess> StartAsync(Action<JsonNode> change, string command = "silo") => GridProcess.StartAsync(
        _home.Path, command: command, more: ["--config", SiloJson.Write(_home.Path, settings => change(settings["front"]!))]);

    private GridProcess Join(Uri front) => GridProcess.Begin(_authority.Environment, JoinCommand(front));

    private string[] JoinCommand(Uri front) =>
    [
        "miner", "join", "--front", front.ToString(), "--home", _minerHome.Path,
        "--config", SiloJson.Write(_minerHome.Path, static _ => { }),
    ];

    /// <summary>Asks with OpenAI's own client, which streams, as soon as a miner serves.</summary>
    private async Task<string> AnswerAsync(Uri front, string key)
    {
        using var http = new HttpClient(_authority.Handler()) { BaseAddress = front };
        await Poll.UntilAsync(
            async () =>
            {
                using var response = await http.GetAsync("/health/ready");
                return response.StatusCode;
            },
            static status => status == HttpStatusCode.OK,
            Patience);
        var client = new ChatClient(TinyModel.Id, new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(front, "v1"),
            Transport = new HttpClientPipelineTransport(http),
        });
        var text = new StringBuilder();
        await foreach (var update in client.CompleteChatStreamingAsync(
            [new UserChatMessage(TinyModel.Question)], new ChatCompletionOptions { Temperature = 0 }))
        {
            text.AppendJoin("", update.ContentUpdate.Select(static part => part.Text));
        }

        return text.ToString();
    }
}
