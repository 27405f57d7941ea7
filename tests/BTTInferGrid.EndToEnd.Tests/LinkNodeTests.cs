using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>
/// Nodes that know the grid by its published protocol only, in another language, join a real grid and serve its clients.
/// </summary>
public sealed class LinkNodeTests : IAsyncLifetime
{
    // The grid's probe wants the name of the city; the tiny model itself would never say this.
    private const string Answer = "Tokyo, says a node that was written in another language.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryHome _home = new();
    private GridProcess _grid = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _grid = await GridProcess.StartAsync(
            _home.Path,
            new Dictionary<string, string?> { ["BTTGRID_CONFIG"] = SiloJson.Write(_home.Path, static _ => { }) },
            command: "silo");
        _http = new HttpClient { BaseAddress = _grid.Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _grid.Key);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _grid.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Answer_NodeInAnotherLanguage_IsThatNodes()
    {
        await using var node = await LinkNode.StartAsync(_grid.Url, Answer);
        var identity = await node.IdentityAsync();
        var miners = await WaitForMinersAsync(1);

        miners.Single().GetProperty("id").GetString().Should().Be(identity);
        (await StreamAsync(static _ => Task.CompletedTask)).Should().Be(Answer);
    }

    [Fact]
    public async Task Answer_ServingNodeKilled_GoesOnAtTheOther()
    {
        var interval = TimeSpan.FromMilliseconds(20);
        await using var one = await LinkNode.StartAsync(_grid.Url, Answer, interval);
        await using var other = await LinkNode.StartAsync(_grid.Url, Answer, interval);
        var identity = await one.IdentityAsync();
        await WaitForMinersAsync(2);

        var answer = await StreamAsync(async job =>
        {
            var attempts = (await _http.GetFromJsonAsync<JsonElement>($"/v1/grid/jobs/{job}")).GetProperty("attempts");
            var serving = attempts.EnumerateArray().Last().GetProperty("miner").GetString();
            (serving == identity ? one : other).Kill();
        });

        answer.Should().Be(Answer);
    }

    [Fact]
    public async Task Join_ByWallet_IsKnownByTheWalletsAddress()
    {
        using var home = new TemporaryHome();
        var password = Path.Combine(home.Path, "password");
        await File.WriteAllTextAsync(password, "correct horse\n");
        var made = await GridProcess.RunAsync("wallet", "new", "--home", home.Path, "--password-file", password, "--format", "json");
        var address = JsonSerializer.Deserialize<JsonElement>(made.Output).GetProperty("address").GetString()!;
        string[] join =
        [
            "miner", "join", "--front", _grid.Url.ToString(), "--home", home.Path,
            "--config", SiloJson.Write(home.Path, static _ => { }), "--wallet", address, "--password-file", password,
        ];

        await using var miner = GridProcess.Begin(join);
        var miners = await WaitForMinersAsync(1);

        miners.Single().GetProperty("id").GetString().Should().Be(address.ToLowerInvariant());
        File.Exists(Path.Combine(home.Path, "miner-key")).Should().BeFalse("the wallet is the miner's only key");
        await File.WriteAllTextAsync(password, "wrong\n");
        var refused = await GridProcess.RunAsync(join);
        refused.ExitCode.Should().Be(1);
        refused.Log.Should().Contain("password");
    }

    /// <summary>Streams an answer; calls back with the job's id when its first text is there.</summary>
    private async Task<string> StreamAsync(Func<string, Task> started)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = TinyModel.Id,
                stream = true,
                messages = new[] { new { role = "user", content = TinyModel.LongQuestion } },
            }),
        };
        using var limit = new CancellationTokenSource(Patience);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var text = new StringBuilder();
        while (await lines.ReadLineAsync(limit.Token) is { } line && line != "data: [DONE]")
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                continue;
            }

            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
                {
                    if (text.Length == 0)
                    {
                        await started(response.Headers.GetValues("x-job-id").Single());
                    }

                    text.Append(piece);
                }
            }
        }

        return text.ToString();
    }

    private async Task<IReadOnlyList<JsonElement>> WaitForMinersAsync(int count)
    {
        var listed = await Poll.UntilAsync(
            async () => (await _http.GetFromJsonAsync<JsonElement>("/v1/grid/miners")).GetProperty("miners").EnumerateArray().ToList(),
            miners => miners.Count(static one => one.GetProperty("state").GetString() == "active") == count,
            Patience);
        return listed;
    }
}
