using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The serving miner's process is killed or stopped in the middle of a stream: the client notices nothing.</summary>
public sealed class MinerLossTests : IAsyncLifetime
{
    private const int Tokens = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryHome _home = new();
    private readonly Random _random = new(7);
    private GridProcess _grid = null!;
    private HttpClient _http = null!;

    /// <summary>How often the miner is killed; BTTGRID_KILLS sets another number.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("BTTGRID_KILLS"), out var kills) ? kills : 20;

    public async Task InitializeAsync()
    {
        _grid = await GridProcess.StartAsync(_home.Path);
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
    public async Task Stream_ServingMinerKilledAgainAndAgain_IsThatOfAnUndisturbedRun()
    {
        var expected = new Dictionary<double, string>
        {
            [0] = await StreamAsync(temperature: 0),
            [1] = await StreamAsync(temperature: 1),
        };

        for (var i = 0; i < Kills; i++)
        {
            await WaitForMinersAsync(2);
            var temperature = i % 2;

            var text = await StreamAsync(temperature, ProcessSignal.Kill, after: _random.Next(1, Tokens - 20));

            Assert.Equal(expected[temperature], text);
        }
    }

    [Fact]
    public async Task Stream_ServingMinerStopsAnswering_GoesOnElsewhere()
    {
        var expected = await StreamAsync(temperature: 0);
        await WaitForMinersAsync(2);

        Assert.Equal(expected, await StreamAsync(temperature: 0, ProcessSignal.Stop, after: 50));
    }

    /// <summary>Streams an answer and sends a signal to the miner that serves it after some pieces of text.</summary>
    private async Task<string> StreamAsync(double temperature, ProcessSignal? signal = null, int after = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = TinyModel.Id,
                stream = true,
                temperature,
                seed = 3,
                max_tokens = Tokens,
                stream_options = new { include_usage = true },
                logit_bias = TinyModel.NeverEnd.ToDictionary(bias => $"{bias.Token}", bias => bias.Bias),
                messages = new[] { new { role = "user", content = TinyModel.LongQuestion } },
            }),
        };
        using var limit = new CancellationTokenSource(Patience);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        var jobId = response.Headers.GetValues("x-job-id").Single();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var (text, pieces, counted) = ("", 0, 0);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == "data: [DONE]")
            {
                Assert.Equal(Tokens, counted);
                return text;
            }

            if (line.Length == 0)
            {
                continue;
            }

            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            Assert.False(chunk.RootElement.TryGetProperty("error", out var error), error.ToString());
            counted = chunk.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
                ? usage.GetProperty("completion_tokens").GetInt32() : counted;
            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
                {
                    text += piece;
                    pieces++;
                }
            }

            if (pieces >= after && signal is { } now)
            {
                signal = null;
                await SignalServingMinerAsync(jobId, now);
            }
        }

        throw new InvalidOperationException($"The stream ended without [DONE] after: {text}\n{_grid.Log}");
    }

    private async Task SignalServingMinerAsync(string jobId, ProcessSignal signal)
    {
        var job = await _http.GetFromJsonAsync<JsonElement>($"/v1/grid/jobs/{jobId}");
        var miner = job.GetProperty("attempts").EnumerateArray().Last().GetProperty("miner").GetString();
        var pid = int.Parse(Regex.Matches(_grid.Log, $@"Miner {miner} \(process (\d+)\) joins").Last().Groups[1].Value);
        ChildProcess.Send(pid, signal);
    }

    private Task<JsonElement> WaitForMinersAsync(int count) => Poll.UntilAsync(
        () => _http.GetFromJsonAsync<JsonElement>("/v1/grid/miners"),
        listed => listed.GetProperty("miners").EnumerateArray().Count(static one => one.GetProperty("state").GetString() == "active") == count,
        Patience);
}
