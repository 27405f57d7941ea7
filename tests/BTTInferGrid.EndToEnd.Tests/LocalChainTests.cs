using System.Diagnostics;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The chain that a local grid runs.</summary>
public sealed class LocalChainTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private string Folder => Path.Combine(_home.Path, "chain");

    [Fact]
    public async Task Chain_StartedAgainAndKilled_KeepsWhatItHadAndIsFound()
    {
        await StartOnceAsync();

        Assert.Equal(2, (await RunAsync("token", "balance")).ExitCode);
        await using var second = await GridProcess.StartAsync(_home.Path);
        Assert.Equal("25000000000000000000", await TokensAsync());

        using var watcher = new FileSystemWatcher(Folder);
        var isBack = new TaskCompletionSource();
        watcher.Renamed += (_, change) => _ = change.Name == "rpc" && isBack.TrySetResult();
        watcher.EnableRaisingEvents = true;
        KillChain();
        await second.WaitForLogAsync("The local chain ended and is started again");
        await isBack.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("25000000000000000000", await TokensAsync());
        Assert.DoesNotContain(" fail: ", second.Log);
    }

    [Fact]
    public async Task Chain_LostWithItsState_IsMadeAnewWithItsContracts()
    {
        await StartOnceAsync();

        Directory.Delete(Path.Combine(Folder, "anvil"), recursive: true);
        await using var second = await GridProcess.StartAsync(_home.Path);

        Assert.Contains("are not on the local chain, and are deployed anew", second.Log);
        var (_, _, refused) = await RunAsync("token", "faucet", "25", "--yes");
        Assert.Contains("transactions-31337.db was used with the chain whose first block is", ChainHome.ErrorOf(refused).Message);
        File.Delete(Path.Combine(Folder, "transactions-31337.db"));
        await DoAsync("token", "faucet", "30", "--yes");
        Assert.Equal("30000000000000000000", await TokensAsync());
    }

    [Fact]
    public async Task Chain_WithoutAnvil_IsMissingAndTheGridIsReady()
    {
        await using var grid = await GridProcess.StartAsync(_home.Path, [new("BTTGRID_ANVIL", "/nowhere/anvil")]);

        Assert.Contains("The grid has no local chain. No Anvil", grid.Log);
        Assert.DoesNotContain("Chain ", grid.Output);
        Assert.Contains("is ready on", grid.Output);
    }

    [Fact]
    public async Task Chain_WhoseSecretOthersCanRead_StopsTheStart()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "anvil"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "anvil", "mnemonic"), "test test");

        var (exitCode, _, log) = await GridProcess.RunAsync("up", "--port", "0", "--home", _home.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("The local chain cannot be used", log);
        Assert.Contains("chmod 600", log);
    }

    public void Dispose() => _home.Dispose();

    /// <summary>A grid that ran and stopped, and a wallet that has 25 BTT on its chain.</summary>
    private async Task StartOnceAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_home.Path, "password"), "correct horse\n");
        await using var grid = await GridProcess.StartAsync(_home.Path);
        await DoAsync("wallet", "new");
        await DoAsync("token", "faucet", "25", "--yes");
        Assert.Equal(0, await grid.InterruptAsync());
    }

    private void KillChain()
    {
        var killed = 0;
        foreach (var process in Process.GetProcessesByName("anvil"))
        {
            using (process)
            {
                if (File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(_home.Path))
                {
                    process.Kill();
                    killed++;
                }
            }
        }

        Assert.Equal(1, killed);
    }

    private async Task<string?> TokensAsync() => (await DoAsync("token", "balance")).GetProperty("tokens").GetString();

    private async Task<JsonElement> DoAsync(params string[] arguments)
    {
        var (exitCode, output, log) = await RunAsync(arguments);
        Assert.True(exitCode == 0, log);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments)
    {
        string[] password = arguments is ["token", "balance"] ? [] : ["--password-file", Path.Combine(_home.Path, "password")];
        return GridProcess.RunAsync([.. arguments, "--home", _home.Path, .. password, "--format", "json"]);
    }
}
