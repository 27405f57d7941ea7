using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>What a running grid tells those who watch it.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Answer_WithACollector_IsASpanOfItsRequestAndAMetricAndSaysNothingOfThePrompt()
    {
        const string secret = "a word that no one must read";
        await using var collector = await Collector.StartAsync();
        using var home = new TemporaryHome();
        await using var grid = await GridProcess.StartAsync(home.Path, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString(),
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        });
        using var http = new HttpClient { BaseAddress = grid.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", grid.Key);

        var trace = ActivityTraceId.CreateRandom();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", new
        {
            model = TinyModel.Id,
            messages = new[] { new { role = "user", content = $"{TinyModel.Question} {secret}" } },
            max_tokens = 8,
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var jobId = response.Headers.GetValues("x-job-id").Single();
        await collector.WaitForAsync("bttgrid-silo", $"chat {TinyModel.Id}", jobId, "bttgrid.miner.id", "completed");
        Assert.True(collector.Holds(Convert.FromHexString(trace.ToHexString())), "The client's trace was not continued.");
        await collector.WaitForAsync("bttgrid-silo", "gen_ai.server.time_to_first_token", TinyModel.Id);
        await collector.WaitForAsync("bttgrid-miner", "bttgrid.engine.tokens");
        Assert.False(collector.Holds(secret));
        Assert.False(collector.Holds(grid.Key));

        // On an address of this machine only, Prometheus needs no key.
        using var prometheus = new HttpClient { BaseAddress = grid.Url };
        var metrics = await prometheus.GetStringAsync("/metrics");
        Assert.Contains("gen_ai_server_time_to_first_token_seconds_count{", metrics);
        Assert.Contains("gen_ai_operation_name=\"chat\"", metrics);
        Assert.Contains("http_server_request_duration_seconds_count{", metrics);
        Assert.DoesNotContain(secret, metrics);

        // A proxy in front of it, or a web page whose name leads here, asks for another host.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "grid.example" } };
        using var refused = await prometheus.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Metrics_WithKey_AreForAdminsOnly()
    {
        using var home = new TemporaryHome();
        var config = SiloJson.Write(home.Path, static settings =>
        {
            settings["miner"]!["count"] = 1;
            settings["telemetry"] = new JsonObject { ["metrics"] = "key" };
        });
        await using var grid = await GridProcess.StartAsync(
            home.Path, new Dictionary<string, string?> { ["BTTGRID_CONFIG"] = config });
        using var http = new HttpClient { BaseAddress = grid.Url };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", grid.Key);
        Assert.Contains("http_server_request_duration_seconds", await http.GetStringAsync("/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/orleans")).StatusCode);
    }

    [Fact]
    public async Task Dashboard_OfOrleans_OpensInABrowserForAdminsOnly()
    {
        using var home = new TemporaryHome();
        var config = SiloJson.Write(home.Path, static settings => settings["front"]!["dashboard"] = true);
        await using var grid = await GridProcess.StartAsync(
            home.Path, new Dictionary<string, string?> { ["BTTGRID_CONFIG"] = config }, "silo");
        using var http = new HttpClient { BaseAddress = grid.Url };

        using var asked = await http.GetAsync("/orleans/");
        http.DefaultRequestHeaders.Authorization = Login("sk-btt-wrong");
        using var wrong = await http.GetAsync("/orleans/");
        http.DefaultRequestHeaders.Authorization = Login(grid.Key);
        var page = await http.GetStringAsync("/orleans/");
        var counters = await http.GetStringAsync("/orleans/DashboardCounters");
        using var trace = await http.GetAsync("/orleans/Trace");

        asked.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        asked.Headers.WwwAuthenticate.Single().Scheme.Should().Be("Basic");
        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        page.Should().Contain("<html");
        counters.Should().Contain("hosts");
        trace.StatusCode.Should().Be(HttpStatusCode.Forbidden);

        static AuthenticationHeaderValue Login(string key) =>
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{key}")));
    }
}
