using System.Text.Json;
using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The contracts, deployed by the command line on a real chain.</summary>
public sealed class ContractsTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private AnvilNode _chain = null!;

    public async Task InitializeAsync()
    {
        _chain = await AnvilNode.StartAsync(new AnvilOptions { Folder = Path.Combine(_home.Path, "anvil") }, TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(_home.Path, "password"), "correct horse\n");
        await File.WriteAllTextAsync(
            Path.Combine(_home.Path, "secret"), Convert.ToHexString(_chain.Accounts.ReadKey(0)));
        var (exitCode, _, log) = await GridProcess.RunAsync(
            "wallet", "import", Path.Combine(_home.Path, "secret"), "--home", _home.Path,
            "--password-file", Path.Combine(_home.Path, "password"));
        Assert.True(exitCode == 0, log);
    }

    public async Task DisposeAsync()
    {
        await _chain.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Deploy_OnALocalChain_IsWrittenDownAndDoneOnce()
    {
        var (exitCode, output, log) = await DeployAsync("--yes", "--format", "json");
        Assert.True(exitCode == 0, log);
        var (_, shown, _) = await GridProcess.RunAsync("contracts", "show", "--home", _home.Path, "--format", "json");
        Assert.Equal(output, shown);
        var contracts = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(31337, contracts.GetProperty("chain_id").GetInt32());

        var (again, _, refusal) = await DeployAsync("--yes", "--format", "json");

        Assert.Equal((1, "already_deployed"), (again, CodeOf(refusal)));
    }

    [Fact]
    public async Task Deploy_NotConfirmed_SendsNothing()
    {
        var (exitCode, _, log) = await DeployAsync("--format", "json");

        Assert.Equal((2, "not_confirmed"), (exitCode, CodeOf(log)));
        Assert.False(Directory.EnumerateFiles(Path.Combine(_home.Path, "chain"), "contracts-*").Any());
    }

    [Fact]
    public async Task Deploy_OnAnotherChainThanTheNodesIs_SaysSo()
    {
        var (exitCode, _, log) = await DeployAsync("--yes", "--chain-id", "1029", "--format", "json");

        Assert.Equal((1, "wrong_chain"), (exitCode, CodeOf(log)));
    }

    private Task<(int ExitCode, string Output, string Log)> DeployAsync(params string[] more) => GridProcess.RunAsync(
    [
        "contracts", "deploy", "--home", _home.Path, "--rpc", _chain.Endpoint.ToString(),
        "--password-file", Path.Combine(_home.Path, "password"), .. more,
    ]);

    private static string? CodeOf(string log) =>
        JsonSerializer.Deserialize<JsonElement>(log).GetProperty("error").GetProperty("code").GetString();
}
