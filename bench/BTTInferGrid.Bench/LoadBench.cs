using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace BTTInferGrid.Bench;

/// <summary>
/// Many streams at once for a while: how each request ended, and what the memory of the grid's processes did. A refusal
/// must be 429 or 503 and say when to come back; the client waits that long, as a good one does. Anything else that is not
/// a whole answer is a fault.
/// </summary>
internal static class LoadBench
{
    private const string Whole = "whole answers";

    public static async Task<int> RunAsync(LoadBenchOptions options)
    {
        using var http = new HttpClient { BaseAddress = options.Url, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        var ends = new ConcurrentDictionary<string, int>();
        var clock = Stopwatch.StartNew();
        var until = TimeSpan.FromSeconds(options.Seconds);
        var number = 0;
        var streams = Task.WhenAll(Enumerable.Range(0, options.Streams).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < until)
            {
                var end = await AskAsync(http, options.Model, Interlocked.Increment(ref number));
                ends.AddOrUpdate(end, 1, static (_, count) => count + 1);
            }
        })));
        Console.WriteLine("| second | resident MiB of each process |");
        Console.WriteLine("|---|---|");
        while (!streams.IsCompleted)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {clock.Elapsed.TotalSeconds:F0} | {string.Join(", ", options.Processes.Select(Memory))} |"));
            await Task.WhenAny(streams, Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System));
        }

        await streams;
        Console.WriteLine();
        foreach (var (end, count) in ends.OrderByDescending(static pair => pair.Value))
        {
            Console.WriteLine($"{count} {end}");
        }

        return ends.Keys.All(static end => end == Whole || end.StartsWith("refused", StringComparison.Ordinal)) ? 0 : 1;
    }

    private static async Task<string> AskAsync(HttpClient http, string model, int number)
    {
        try
        {
            using var response = await http.PostAsJsonAsync("/v1/chat/completions", new
            {
                model,
                stream = true,
                max_tokens = 64,
                seed = number,
                messages = BenchPrompts.Messages(number).Select(message => new { role = message.Role, content = message.Content }),
            });
            var body = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode)
            {
                return body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) ? Whole : "streams that broke off";
            }

            if ((int)response.StatusCode is not (429 or 503) || response.Headers.RetryAfter?.Delta is not { } pause)
            {
                return $"answers of status {(int)response.StatusCode} without a time to come back";
            }

            await Task.Delay(pause, TimeProvider.System);
            return $"refused with {(int)response.StatusCode} and a time to come back";
        }
        catch (HttpRequestException failure)
        {
            return $"requests that failed: {failure.Message}";
        }
    }

    private static string Memory(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return (process.WorkingSet64 / (1 << 20)).ToString(CultureInfo.InvariantCulture);
    }
}
