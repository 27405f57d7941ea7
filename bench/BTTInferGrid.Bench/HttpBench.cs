using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace BTTInferGrid.Bench;

/// <summary>
/// A running grid, or any server with OpenAI's API, over HTTP: time to the first text of a single stream, time between
/// pieces of text, and output tokens per second with several streams.
/// </summary>
internal static class HttpBench
{
    private static readonly int[] Streams = [1, 8, 32];

    public static async Task RunAsync(HttpBenchOptions options)
    {
        using var http = new HttpClient { BaseAddress = options.Url, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        await MeasureStreamsAsync(http, options, 8);

        Console.WriteLine("| streams | output tokens/s, median [min-max] | time to first text, p50 / p99 ms | between pieces, p50 / p99 ms |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var streams in Streams)
        {
            var rates = new List<double>();
            var answers = new List<Answer>();
            for (var i = 0; i < options.Rounds; i++)
            {
                var (rate, round) = await MeasureStreamsAsync(http, options, streams);
                rates.Add(rate);
                answers.AddRange(round);
            }

            var first = Percentiles.Of(answers.Select(answer => answer.FirstText));
            var gaps = Percentiles.Of(answers.SelectMany(answer => answer.Gaps));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {streams} | {Percentiles.Of(rates).Spread("F0")} | {first.At(50):F2} / {first.At(99):F2} | {gaps.At(50):F2} / {gaps.At(99):F2} |"));
        }
    }

    private static async Task<(double TokensPerSecond, List<Answer> Answers)> MeasureStreamsAsync(
        HttpClient http, HttpBenchOptions options, int streams)
    {
        var number = 0;
        var produced = 0;
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(async () =>
        {
            var mine = new List<Answer>();
            while (Volatile.Read(ref produced) < options.Tokens)
            {
                var answer = await AskAsync(http, options.Model, Interlocked.Increment(ref number));
                Interlocked.Add(ref produced, answer.Tokens);
                mine.Add(answer);
            }

            return mine;
        })));
        return (produced / watch.Elapsed.TotalSeconds, [.. answers.SelectMany(answer => answer)]);
    }

    private static async Task<Answer> AskAsync(HttpClient http, string model, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = JsonContent.Create(new
        {
            model,
            stream = true,
            stream_options = new { include_usage = true },
            max_tokens = 128,
            seed = number,
            messages = BenchPrompts.Messages(number).Select(message => new { role = message.Role, content = message.Content }),
        });

        var watch = Stopwatch.StartNew();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var times = new List<double>(128);
        var tokens = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
            {
                continue;
            }

            var chunk = JsonSerializer.Deserialize<JsonElement>(line.AsSpan("data: ".Length));
            if (HasText(chunk))
            {
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            {
                tokens = usage.GetProperty("completion_tokens").GetInt32();
            }
        }

        return times.Count > 0
            ? new Answer(times[0], tokens, [.. times.Zip(times.Skip(1), (before, after) => after - before)])
            : throw new InvalidOperationException("An answer had no text.");
    }

    private static bool HasText(JsonElement chunk) =>
        chunk.GetProperty("choices") is var choices
        && choices.GetArrayLength() > 0
        && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
        && content.GetString() is { Length: > 0 };

    private sealed record Answer(double FirstText, int Tokens, IReadOnlyList<double> Gaps);
}
