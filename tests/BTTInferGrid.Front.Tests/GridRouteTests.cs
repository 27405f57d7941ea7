using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary>What the grid tells of itself, and to whom.</summary>
[Collection(FrontFixture.Collection)]
public sealed class GridRouteTests(FrontFixture front)
{
    [Fact]
    public async Task Miners_OfTheGrid_AreListedWithStateAndReason()
    {
        using var http = front.Http();

        var listed = await http.GetFromJsonAsync<JsonElement>("/v1/grid/miners");

        var miner = Assert.Single(listed.GetProperty("miners").EnumerateArray());
        Assert.Equal(front.Grid.Miners[0].Id, miner.GetProperty("id").GetString());
        Assert.Equal("active", miner.GetProperty("state").GetString());
        Assert.NotEqual("", miner.GetProperty("reason").GetString());
        Assert.Equal(0, miner.GetProperty("ask").GetProperty("output").GetInt64());
    }

    [Fact]
    public async Task Models_OfTheGrid_TellHowManyMinersServeThem()
    {
        using var http = front.Http();

        var listed = await http.GetFromJsonAsync<JsonElement>("/v1/grid/models");

        var active = listed.GetProperty("models").EnumerateArray()
            .ToDictionary(static one => one.GetProperty("id").GetString()!, static one => one.GetProperty("active_miners").GetInt32());
        Assert.Equal(1, active[TinyModel.Id]);
        Assert.Equal(0, active[FrontFixture.ModelWithoutMiner]);
    }

    [Fact]
    public async Task Job_OfOnesOwn_IsToldWithItsMinerAndWhy()
    {
        var jobId = await RunAsync();
        using var http = front.Http();

        var job = await http.GetFromJsonAsync<JsonElement>($"/v1/grid/jobs/{jobId}");

        Assert.Equal("completed", job.GetProperty("state").GetString());
        var attempt = Assert.Single(job.GetProperty("attempts").EnumerateArray());
        Assert.Equal(front.Grid.Miners[0].Id, attempt.GetProperty("miner").GetString());
        Assert.Equal("the only one left", attempt.GetProperty("placement").GetProperty("decision").GetString());
        Assert.False(job.TryGetProperty("tenant", out _));
    }

    [Fact]
    public async Task Job_OfAnotherAccount_IsNotFound()
    {
        var jobId = await RunAsync();
        using var other = front.Http(await front.CreateKeyAsync(account: "another"));
        using var own = front.Http();

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/v1/grid/jobs/{jobId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync($"/v1/grid/jobs/{new string('0', 32)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await own.GetAsync("/v1/grid/jobs/not-a-job")).StatusCode);
    }

    [Fact]
    public async Task Chat_JsonSchema_IsAnsweredWithWhatSatisfiesIt()
    {
        using var response = await front.PostAsync(JsonSerializer.Serialize(new
        {
            model = TinyModel.Id,
            temperature = 0,
            max_tokens = 64,
            messages = new[] { new { role = "user", content = TinyModel.Question } },
            response_format = new
            {
                type = "json_schema",
                json_schema = new
                {
                    name = "capital",
                    schema = new
                    {
                        type = "object",
                        properties = new { known = new { type = "boolean" } },
                        required = new[] { "known" },
                        additionalProperties = false,
                    },
                },
            },
        }));

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var text = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains(JsonDocument.Parse(text).RootElement.GetProperty("known").ValueKind, (JsonValueKind[])[JsonValueKind.True, JsonValueKind.False]);
    }

    private async Task<string> RunAsync()
    {
        using var response = await front.PostAsync(JsonSerializer.Serialize(new
        {
            model = TinyModel.Id,
            messages = new[] { new { role = "user", content = TinyModel.Question } },
        }));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("x-job-id").Single();
    }
}
