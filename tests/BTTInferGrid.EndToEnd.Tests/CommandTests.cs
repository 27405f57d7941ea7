using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The commands that talk to a running grid, in processes of their own as a user runs them.</summary>
public sealed class CommandTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    [Fact]
    public async Task Ps_RunningGrid_TellsItsModelsAndMiners()
    {
        var (exitCode, output, _) = await RunAsync("ps", "--format", "json");

        Assert.Equal(0, exitCode);
        var status = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(TinyModel.Id, status.GetProperty("models")[0].GetProperty("id").GetString());
        Assert.Equal(2, status.GetProperty("miners").GetArrayLength());
        Assert.Contains(
            status.GetProperty("miners").EnumerateArray(), static miner => miner.GetProperty("state").GetString() == "active");

        var (_, text, _) = await RunAsync("ps");
        Assert.Contains("WRITE TOK/S", text);
        Assert.Contains(TinyModel.Id, text);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task Chat_Argument_IsAnsweredAndNothingElse()
    {
        var (exitCode, output, log) = await RunAsync("chat", "--temperature", "0", TinyModel.Question);

        Assert.Equal((0, TinyModel.Answer, ""), (exitCode, output.TrimEnd('\n'), log));
    }

    [Fact]
    public async Task Chat_StandardInput_IsAnswered()
    {
        var (exitCode, output, _) = await GridProcess.RunWithInputAsync(
            TinyModel.Question + "\n", "chat", "--home", grid.Home, "--temperature", "0", "--format", "json");

        Assert.Equal(0, exitCode);
        var answer = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(TinyModel.Answer, answer.GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("finish_reason").GetString());
        Assert.True(answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Chat_UnknownModel_IsRefusedAsTheGridSays()
    {
        var (exitCode, _, log) = await RunAsync("chat", "--model", "other", "--format", "json", "hi");

        Assert.Equal(4, exitCode);
        Assert.Equal("model_not_found", ErrorOf(log).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Keys_CreateListRevoke_ShowTheSecretOnce()
    {
        var (created, key, note) = await RunAsync("keys", "create", "notebook", "--requests-per-minute", "60");
        Assert.Equal(0, created);
        Assert.StartsWith("sk-btt-", key);
        Assert.DoesNotContain(key.Trim(), note);

        var (_, list, _) = await RunAsync("keys", "list", "--format", "json");
        Assert.DoesNotContain("sk-btt-", list);
        var made = JsonSerializer.Deserialize<JsonElement>(list).GetProperty("data").EnumerateArray()
            .Single(static item => item.GetProperty("name").GetString() == "notebook");
        Assert.Equal(60, made.GetProperty("limits").GetProperty("requests_per_minute").GetInt32());

        var file = Path.Combine(grid.Home, "notebook-key");
        await File.WriteAllTextAsync(file, key);
        Assert.Equal(0, (await RunAsync("ps", "--key-file", file)).ExitCode);

        // It may ask, and not make keys.
        Assert.Equal(4, (await RunAsync("keys", "list", "--key-file", file)).ExitCode);
        Assert.Equal(0, (await RunAsync("keys", "revoke", made.GetProperty("id").GetString()!)).ExitCode);
        Assert.Equal(4, (await RunAsync("chat", "--key-file", file, "hi")).ExitCode);
    }

    [Fact]
    public async Task Bench_RunningGrid_TellsItsSpeed()
    {
        var (exitCode, output, _) = await RunAsync(
            "bench", "--streams", "1", "4", "--rounds", "2", "--tokens", "50", "--format", "json");

        Assert.Equal(0, exitCode);
        var results = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("results");
        Assert.Equal([1, 4], results.EnumerateArray().Select(static row => row.GetProperty("streams").GetInt32()));
        Assert.All(results.EnumerateArray(), static row => Assert.True(row.GetProperty("tokens_per_second").GetDouble() > 0));
    }

    [Fact]
    public async Task Command_NobodyListens_SaysHowToStartOne()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var free = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        taken.Stop();

        var (exitCode, output, log) = await RunAsync("ps", "--url", free);

        Assert.Equal((3, ""), (exitCode, output));
        Assert.Contains($"There is no grid at {free}/: start one with 'bttgrid up'", log);
    }

    [Fact]
    public async Task Models_AddedModel_IsServedUntilItsFileChanges()
    {
        using var home = new TemporaryHome();
        var (added, _, _) = await GridProcess.RunAsync("models", "add", "mine", "--file", TinyModel.File, "--context", "512", "--home", home.Path);
        Assert.Equal(0, added);

        await using (var serving = await GridProcess.StartAsync(home.Path, more: ["--model", "mine", "--miners", "1"]))
        {
            var (_, answer, _) = await GridProcess.RunAsync("chat", "--home", home.Path, "--temperature", "0", TinyModel.Question);
            Assert.Equal(TinyModel.Answer, answer.TrimEnd('\n'));
            Assert.Equal(0, await serving.InterruptAsync());
        }

        var (_, list, _) = await GridProcess.RunAsync("models", "list", "--home", home.Path, "--format", "json");
        var model = JsonSerializer.Deserialize<JsonElement>(list).GetProperty("models")[0];
        var file = model.GetProperty("file").GetString()!;
        await using (var stream = File.OpenWrite(file))
        {
            stream.Seek(-1, SeekOrigin.End);
            stream.WriteByte(0x55);
        }

        var (exitCode, _, log) = await GridProcess.RunAsync("--port", "0", "--home", home.Path, "--model", "mine");
        Assert.Equal(1, exitCode);
        Assert.Contains(model.GetProperty("sha256").GetString()!, log);
        Assert.Contains(await GgufFile.Read(file).HashAsync(), log);
    }

    private static JsonElement ErrorOf(string log) => JsonSerializer.Deserialize<JsonElement>(log).GetProperty("error");

    private Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments) =>
        GridProcess.RunAsync([.. arguments, "--home", grid.Home]);
}
