using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace BTTInferGrid.Bench.Compare;

/// <summary>A whole running grid, through <c>/v1/completions</c>, which takes token ids.</summary>
internal sealed class GridTarget : ITarget, IDisposable
{
    private readonly HttpClient _http;
    private readonly string _model;
    private readonly Dictionary<string, float> _neverEnd;
    private readonly Process[] _processes;

    public GridTarget(Uri url, string key, string model, IReadOnlyList<int> processIds, BenchVocabulary vocabulary)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _model = model;
        _neverEnd = vocabulary.NeverEnd.ToDictionary(
            static pair => pair.Key.ToString(CultureInfo.InvariantCulture), static pair => pair.Value);
        _processes = [.. processIds.Select(Process.GetProcessById)];
    }

    public string Name => "grid";

    public TimeSpan CpuTime
    {
        get
        {
            var time = TimeSpan.Zero;
            foreach (var process in _processes)
            {
                process.Refresh();
                time += process.TotalProcessorTime;
            }

            return time;
        }
    }

    public async Task<List<double>> GenerateAsync(
        int[] prompt, int outputTokens, bool reusePrefix, Action? onFirstToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions");
        request.Content = JsonContent.Create(new
        {
            model = _model,
            prompt,
            max_tokens = outputTokens,
            temperature = 0,
            logit_bias = _neverEnd,
            stream = true,
        });
        var watch = Stopwatch.StartNew();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        await using var body = await response.Content.ReadAsStreamAsync();
        return await EventTimes.ReadAsync(body, "\"finish_reason\":null"u8.ToArray(), watch, outputTokens, onFirstToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }
}
