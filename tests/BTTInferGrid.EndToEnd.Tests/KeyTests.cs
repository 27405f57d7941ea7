using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>API keys over a restart of the executable.</summary>
public sealed class KeyTests
{
    private const string Keys = "/v1/grid/keys";

    [Fact]
    public async Task Restart_AfterKeysWereMadeAndRevoked_KnowsBoth()
    {
        using var home = new TemporaryHome();
        string kept, revoked;
        await using (var first = await GridProcess.StartAsync(home.Path))
        {
            using var http = Http(first, first.Key);
            kept = (await CreateAsync(http)).GetProperty("key").GetString()!;
            var gone = await CreateAsync(http);
            revoked = gone.GetProperty("key").GetString()!;
            (await http.DeleteAsync($"{Keys}/{gone.GetProperty("id").GetString()}")).EnsureSuccessStatusCode();
            Assert.Equal(0, await first.InterruptAsync());
        }

        await using var second = await GridProcess.StartAsync(home.Path);
        using var admin = Http(second, second.Key);
        using var user = Http(second, kept);
        using var stranger = Http(second, revoked);

        // The developer's own key is made known at each start and is still one key.
        Assert.Equal(2, (await admin.GetFromJsonAsync<JsonElement>(Keys)).GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/models")).StatusCode);
        Assert.DoesNotContain("sk-btt-", second.Log);
    }

    [Fact]
    public async Task Start_DeveloperKeyWasRevoked_SaysWhatToDo()
    {
        using var home = new TemporaryHome();
        await using (var first = await GridProcess.StartAsync(home.Path))
        {
            using var http = Http(first, first.Key);
            var own = (await http.GetFromJsonAsync<JsonElement>(Keys)).GetProperty("data")[0];
            (await http.DeleteAsync($"{Keys}/{own.GetProperty("id").GetString()}")).EnsureSuccessStatusCode();
            await first.InterruptAsync();
        }

        var (exitCode, _, log) = await GridProcess.RunAsync("--port", "0", "--home", home.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains("dev-key", log);
        Assert.Contains("Remove the file", log);

        File.Delete(Path.Combine(home.Path, "dev-key"));
        await using var second = await GridProcess.StartAsync(home.Path);
    }

    [Fact]
    public async Task Start_DatabaseThatIsNone_SaysWhichFile()
    {
        using var home = new TemporaryHome();
        var file = Path.Combine(home.Path, "state.db");
        await File.WriteAllTextAsync(file, new string('x', 4096));

        var (exitCode, _, log) = await GridProcess.RunAsync("--port", "0", "--home", home.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains(file, log);
    }

    private static HttpClient Http(GridProcess grid, string key)
    {
        var http = new HttpClient { BaseAddress = grid.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<JsonElement> CreateAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync(Keys, new { name = "made before the restart" });
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }
}
