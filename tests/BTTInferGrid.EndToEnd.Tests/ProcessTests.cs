using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The executable as a user and an operator meet it: start, stop, restart, mistakes.</summary>
public sealed class ProcessTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    [Fact]
    public async Task Ready_AfterStart_IsAnsweredWithoutKey()
    {
        using var http = new HttpClient { BaseAddress = grid.Process.Url };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Models_List_NamesTheTinyModel()
    {
        using var http = grid.Http();

        var models = await http.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.Equal("list", models.GetProperty("object").GetString());
        Assert.Equal(TinyModel.Id, models.GetProperty("data")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void DeveloperKey_InHome_IsTheOwnersOnly()
    {
        var file = Path.Combine(grid.Home, "dev-key");

        Assert.Equal(grid.Process.Key, File.ReadAllText(file).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(grid.Process.Key, grid.Process.Log);
    }

    [Fact]
    public async Task Stream_ClientDisconnects_IsEndedEarlyAndOthersAreServed()
    {
        using var http = grid.Http();
        string jobId;
        using (var response = await http.SendAsync(EndlessAnswer(), HttpCompletionOption.ResponseHeadersRead))
        {
            jobId = response.Headers.GetValues("x-job-id").Single();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.StartsWith("data: {", await lines.ReadLineAsync());
        }

        await grid.Process.WaitForLogAsync($"Job {jobId} was ended early");
        Assert.Contains("Tokyo", (await grid.Client().CompleteChatAsync(TinyModel.Question)).Value.Content[0].Text);
    }

    [Fact]
    public async Task Log_AfterRequests_HoldsNoPrompt()
    {
        using var http = grid.Http();
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", new
        {
            model = TinyModel.Id,
            messages = new[] { new { role = "user", content = "What is the opposite of xylophone-secret?" } },
        });

        await grid.Process.WaitForLogAsync($"Job {response.Headers.GetValues("x-job-id").Single()} is complete");
        Assert.DoesNotContain("xylophone-secret", grid.Process.Log);
    }

    [Fact]
    public async Task Interrupt_RunningGrid_EndsCleanlyAndTheNextStartResumes()
    {
        using var home = new TemporaryHome();
        string key;
        await using (var first = await GridProcess.StartAsync(home.Path))
        {
            key = first.Key;
            Assert.Equal(0, await first.InterruptAsync());
            Assert.DoesNotContain(first.Log.Split('\n'), static line => line.Contains(" warn: ") || line.Contains(" fail: "));
        }

        await using var second = await GridProcess.StartAsync(home.Path);
        Assert.Equal(key, second.Key);
    }

    [Fact]
    public async Task Start_HomeInUse_SaysSo()
    {
        var (exitCode, _, log) = await GridProcess.RunAsync("--port", "0", "--home", grid.Home);

        Assert.Equal(1, exitCode);
        Assert.Contains(grid.Home, log);
        Assert.Contains("--home", log);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        using var home = new TemporaryHome();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, _, log) = await GridProcess.RunAsync("--port", $"{port}", "--home", home.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{port}", log);
        Assert.Contains("--port", log);
        Assert.DoesNotContain(" crit: ", log);
    }

    [Fact]
    public async Task Start_MistakeInConfiguration_NamesTheLine()
    {
        using var home = new TemporaryHome();
        var file = Path.Combine(home.Path, "silo.json");
        await File.WriteAllTextAsync(file, "{\n  \"front\": {\n    \"prot\": 8080\n  }\n}\n");

        var (exitCode, _, log) = await GridProcess.RunAsync("--config", file, "--home", home.Path);

        Assert.Equal(2, exitCode);
        Assert.Contains($"{file} line 3", log);
        Assert.Contains("prot", log);
    }

    [Fact]
    public async Task Start_FileThatIsNoModel_SaysSo()
    {
        using var home = new TemporaryHome();
        var file = Path.Combine(home.Path, "silo.json");
        await File.WriteAllTextAsync(file, """{"models": [{"id": "fake", "file": "silo.json", "contextTokens": 512}]}""");

        var (exitCode, _, log) = await GridProcess.RunAsync("--config", file, "--home", home.Path, "--port", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains($"'{file}' cannot be used as a model", log);
    }

    [Fact]
    public async Task Start_UnknownFlag_IsWrongUsage()
    {
        var (exitCode, _, log) = await GridProcess.RunAsync("--prot", "1");

        Assert.Equal(2, exitCode);
        Assert.Contains("--prot", log);
    }

    /// <summary>A request whose answer goes on to the context's end, much longer than a client takes to hang up.</summary>
    private static HttpRequestMessage EndlessAnswer() => new(HttpMethod.Post, "/v1/chat/completions")
    {
        Content = JsonContent.Create(new
        {
            model = TinyModel.Id,
            stream = true,
            temperature = 0,
            max_tokens = TinyModel.ContextTokens - 64,
            logit_bias = TinyModel.NeverEnd.ToDictionary(bias => $"{bias.Token}", bias => bias.Bias),
            messages = new[] { new { role = "user", content = TinyModel.LongQuestion } },
        }),
    };
}
