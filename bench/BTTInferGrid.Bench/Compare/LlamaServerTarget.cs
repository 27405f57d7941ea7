using System.Diagnostics;
using System.Net.Http.Json;

namespace BTTInferGrid.Bench.Compare;

/// <summary>A running llama-server, through its own completion endpoint, which takes token ids.</summary>
internal sealed class LlamaServerTarget(Uri url, int processId) : ITarget, IDisposable
{
    private static readonly byte[] Marker = "\"stop\":false"u8.ToArray();

    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
    private readonly Process _process = Process.GetProcessById(processId);

    public string Name => "llama-server";

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public async Task<List<double>> GenerateAsync(
        int[] prompt, int outputTokens, bool reusePrefix, Action? onFirstToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/completion");

        // The server closes a connection after a number of requests; one that may be closing is not used again.
        request.Headers.ConnectionClose = true;
        request.Content = JsonContent.Create(new
        {
            prompt,
            n_predict = outputTokens,
            temperature = 0,
            ignore_eos = true,
            cache_prompt = reusePrefix,
            stream = true,
        });
        var watch = Stopwatch.StartNew();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        return await EventTimes.ReadAsync(body, Marker, watch, outputTokens, onFirstToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }
}
