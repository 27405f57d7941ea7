using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Two core silos in processes of their own that share a database are one grid.</summary>
public sealed class SilosTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Answer_ThroughTheSiloThatTheMinerDidNotJoin_IsGivenAndOutlivesTheOthersSilo()
    {
        await using var database = await PostgresServer.CreateAsync();
        using var firstHome = new TemporaryHome();
        using var secondHome = new TemporaryHome();
        using var minerHome = new TemporaryHome();
        await using var first = await StartAsync(firstHome.Path, database);
        await using var second = await StartAsync(secondHome.Path, database);
        await using var miner = Join(first, minerHome.Path);
        using var http = Http(second, first.Key);
        await WaitForAsync(http, HttpStatusCode.OK);

        Assert.Equal(TinyModel.Answer, await AskAsync(http));

        // Its grains come back on the other silo; what it had promised to keep is in the database.
        first.Kill();
        await WaitForAsync(http, HttpStatusCode.ServiceUnavailable);
        await using var another = Join(second, firstHome.Path);
        await WaitForAsync(http, HttpStatusCode.OK);
        Assert.Equal(TinyModel.Answer, await AskAsync(http));
    }

    private static Task<GridProcess> StartAsync(string home, PostgresServer database) => GridProcess.StartAsync(
        home,
        new Dictionary<string, string?>
        {
            ["BTTGRID_DATABASE"] = database.ConnectionString,
            ["BTTGRID_CONFIG"] = SiloJson.Write(home, static settings => settings["cluster"] = new JsonObject { ["port"] = 0, ["gatewayPort"] = 0 }),
        },
        "silo");

    private static GridProcess Join(GridProcess silo, string home) => GridProcess.Begin(
        "miner", "join", "--front", silo.Url.ToString(), "--home", home,
        "--config", SiloJson.Write(home, static _ => { }));

    private static HttpClient Http(GridProcess grid, string key)
    {
        var http = new HttpClient { BaseAddress = grid.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static Task<HttpStatusCode> WaitForAsync(HttpClient http, HttpStatusCode readiness) => Poll.UntilAsync(
        async () =>
        {
            using var response = await http.GetAsync("/health/ready");
            return response.StatusCode;
        },
        status => status == readiness,
        Patience);

    private static async Task<string?> AskAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", new
        {
            model = TinyModel.Id,
            temperature = 0,
            messages = new[] { new { role = "user", content = TinyModel.Question } },
        });
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }
}
