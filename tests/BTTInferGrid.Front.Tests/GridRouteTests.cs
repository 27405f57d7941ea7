using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Testing;
using FluentAssertions;

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
    public async Task Suspension_OfAMiner_KeepsItFromJobsUntilItIsDeleted()
    {
        using var http = front.Http();
        var id = front.Grid.Miners[0].Id;

        using var put = await http.PutAsJsonAsync($"/v1/grid/miners/{id}/suspension", new { reason = "under review" });
        var suspended = await put.Content.ReadFromJsonAsync<JsonElement>();
        await front.Grid.WaitForAsync(id, MinerState.Suspended);
        using var delete = await http.DeleteAsync($"/v1/grid/miners/{id}/suspension");
        var resumed = await delete.Content.ReadFromJsonAsync<JsonElement>();
        await front.Grid.WaitForAsync(id, MinerState.Active);

        suspended.GetProperty("state").GetString().Should().Be("suspended");
        suspended.GetProperty("reason").GetString().Should().Contain("under review");
        resumed.GetProperty("state").GetString().Should().NotBe("suspended");
    }

    [Theory]
    [InlineData("p256-unknown", "{\"reason\": \"a\"}", 404, "miner_not_found")]
    [InlineData("a%2Fb", "{\"reason\": \"a\"}", 404, "miner_not_found")]
    [InlineData("", "{}", 400, "missing_required_parameter")]
    [InlineData("", "{\"reason\": \"\"}", 400, "invalid_value")]
    [InlineData("", "{\"reason\": \"a\\nb\"}", 400, "invalid_value")]
    [InlineData("", "{\"reason\": 1}", 400, "invalid_type")]
    [InlineData("", "{\"reason\": \"a\", \"other\": 1}", 400, "unsupported_parameter")]
    public async Task Suspension_ThatIsNotRight_IsRefused(string id, string body, int status, string code)
    {
        using var http = front.Http();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await http.PutAsync(
            $"/v1/grid/miners/{(id.Length == 0 ? front.Grid.Miners[0].Id : id)}/suspension", content);

        ((int)response.StatusCode).Should().Be(status);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString().Should().Be(code);
    }

    [Fact]
    public async Task Suspension_ByAKeyWithoutAdmin_IsForbidden()
    {
        using var http = front.Http(await front.CreateKeyAsync());

        using var response = await http.DeleteAsync($"/v1/grid/miners/{front.Grid.Miners[0].Id}/suspension");

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
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
    public async Task Job_OwnJob_ReportsItsMinerAndPlacement()
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
