using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>
/// Clients that stream one answer again and again. A client of a front that is gone turns to the next. A stream may break only
/// if its front was killed; a request may be refused only with 503 and Retry-After.
/// </summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    // What else is in an engine's batch moves its logits a little; a schema with one value leaves one text all the same.
    private static readonly string Story = string.Concat(Enumerable.Repeat("One day Anna went to the hill and found a blue hat. ", 8));

    private static readonly object LongQuestion = new
    {
        model = TinyModel.Id,
        stream = true,
        temperature = 0,
        seed = 3,
        max_tokens = 400,
        messages = new[] { new { role = "user", content = TinyModel.LongQuestion } },
        response_format = new { type = "json_schema", json_schema = new { name = "story", schema = new Dictionary<string, string> { ["const"] = Story } } },
    };

    private static readonly object ShortQuestion = new
    {
        model = TinyModel.Id,
        stream = true,
        temperature = 0,
        messages = new[] { new { role = "user", content = TinyModel.Question } },
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly (ClusterMember Front, HttpClient Http)[] _fronts;
    private readonly Task[] _clients;
    private int _whole;
    private int _refused;
    private int _cut;

    /// <summary>Starts clients.</summary>
    public ClusterLoad(ClusterProcesses cluster, int clients, params ClusterMember[] fronts)
    {
        _fronts = [.. fronts.Select(front => (front, cluster.Http(front)))];
        _clients = [.. Enumerable.Range(0, clients).Select(RunAsync)];
    }

    /// <summary>What must not have happened, each once.</summary>
    public IEnumerable<string> Faults => _faults.Distinct().Take(10);

    /// <summary>Streams that were whole and right.</summary>
    public int Whole => _whole;

    public override string ToString() =>
        $"{_whole} streams whole, {_refused} requests told to come back, {_cut} cut with their front, {_faults.Count} faults";

    /// <summary>Asks for a short answer through a front until it is there, and returns how long that took.</summary>
    public async Task<TimeSpan> UntilServedAsync(ClusterMember front)
    {
        var since = Stopwatch.GetTimestamp();
        var http = _fronts.Single(one => one.Front == front).Http;
        while (!await TryAskAsync(front, http, ShortQuestion, TinyModel.Answer))
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException($"{front.Name} does not serve. {this}\n{string.Join('\n', Faults)}");
            }

            await Task.Delay(Pause);
        }

        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Waits until every client has read one more whole stream on average.</summary>
    public Task UntilMoreAsync() =>
        Poll.UntilAsync(() => Task.FromResult(_whole), Target(_whole + _clients.Length), Patience);

    /// <summary>Stops the clients after their present streams.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        Array.ForEach(_fronts, static one => one.Http.Dispose());
    }

    private static Func<int, bool> Target(int target) => whole => whole >= target;

    private async Task RunAsync(int number)
    {
        for (var turn = number; !_stop.IsCancellationRequested;)
        {
            var (front, http) = _fronts[turn % _fronts.Length];
            if (front.IsAway || !await TryAskAsync(front, http, LongQuestion, $"\"{Story}\""))
            {
                turn++;
                await Task.Delay(Pause);
            }
        }
    }

    private async Task<bool> TryAskAsync(ClusterMember front, HttpClient http, object question, string answer)
    {
        var (departures, kills) = (front.Departures, front.Kills);
        var hasBegun = false;
        var since = Stopwatch.GetTimestamp();
        try
        {
            using var response = await SendAsync(http, question);
            hasBegun = response.StatusCode == HttpStatusCode.OK;
            if (!hasBegun)
            {
                await CheckRefusalAsync(front, response);
                return false;
            }

            var text = await ReadAsync(response);
            if (text != answer)
            {
                _faults.Enqueue($"{front.Name}: another answer, {text}");
            }

            Interlocked.Increment(ref _whole);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or InvalidDataException)
        {
            if (hasBegun ? front.Kills != kills : front.IsAway || front.Departures != departures)
            {
                Interlocked.Increment(ref _cut);
            }
            else
            {
                _faults.Enqueue(
                    $"{front.Name}: {(hasBegun ? "a stream broke" : "a request failed")} after"
                    + $" {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s: {failure.Message}");
            }

            return false;
        }
    }

    private async Task CheckRefusalAsync(ClusterMember front, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            _faults.Enqueue($"{front.Name}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, object question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(question) };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <exception cref="InvalidDataException">The stream is not whole.</exception>
    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line == "data: [DONE]")
            {
                return text.ToString();
            }

            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                // An empty line ends an event; a comment keeps the connection open.
                continue;
            }

            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            if (chunk.RootElement.TryGetProperty("error", out var error))
            {
                throw new InvalidDataException($"{error}");
            }

            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var content))
                {
                    text.Append(content.GetString());
                }
            }
        }

        throw new InvalidDataException("The stream ended without [DONE].");
    }
}
