using System.Text.Json;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The contracts, deployed by the command line on a real chain.</summary>
public sealed class ContractsTests : IAsyncLifetime
{
    private ChainHome _home = null!;

    public async Task InitializeAsync() => _home = await ChainHome.CreateAsync();

    public Task DisposeAsync() => _home.DisposeAsync().AsTask();

    [Fact]
    public async Task Deploy_OnALocalChain_IsWrittenDownAndDoneOnce()
    {
        var contracts = await _home.DoAsync("contracts", "deploy");
        var shown = await _home.AskAsync("contracts", "show");
        Assert.Equal(contracts.GetRawText(), shown.GetRawText());
        Assert.Equal(31337, contracts.GetProperty("chain_id").GetInt32());

        Assert.Equal("already_deployed", (await _home.FailAsync("contracts", "deploy")).Code);
    }

    [Fact]
    public async Task Add_ContractsThatOthersDeployed_TakesThemOverIfTheyAreThere()
    {
        await _home.DoAsync("contracts", "deploy");
        var file = _home.PathOf("chain/contracts-31337.json");
        var known = _home.PathOf("known.json");
        File.Move(file, known);

        var added = await _home.AskAsync("contracts", "add", known);
        Assert.Equal(File.ReadAllText(known), File.ReadAllText(file));

        var (registry, court) = (Address(added, "node_registry"), Address(added, "dispute_court"));
        File.WriteAllText(known, File.ReadAllText(known).Replace(court, registry));
        Assert.Equal(("not_deployed", true), await AddAsync("not of one grid"));
        File.WriteAllText(known, File.ReadAllText(known).Replace(registry, "0x107742EB846b86CEaAF7528D5C85cddcad3e409A"));
        Assert.Equal(("not_deployed", true), await AddAsync("not where they should be"));

        async Task<(string, bool)> AddAsync(string problem)
        {
            var (exitCode, _, log) = await _home.RunAsync("contracts", "add", known);
            var (code, message) = ChainHome.ErrorOf(log);
            Assert.Equal(1, exitCode);
            return (code, message.Contains(problem));
        }
    }

    [Fact]
    public async Task Parameters_WrittenAndChanged_AreThoseOfTheContracts()
    {
        var (_, text, _) = await _home.RunAsync("contracts", "parameters");
        Assert.Contains("\"epochLength\": 600", text);
        File.WriteAllText(_home.PathOf("parameters"), "\uFEFF{ \"minMinerStake\": \"12.5\", \"epochLength\": 60 }");

        await _home.DoAsync("contracts", "deploy", "--parameters", _home.PathOf("parameters"));

        await _home.DoAsync("token", "faucet", "100");
        Assert.Contains("the least of this role is 12.5 BTT", (await _home.FailAsync("stake", "1", "--role", "miner")).Message);
    }

    [Theory]
    [InlineData("""{ "minMinerStakes": "1" }""", "line 1", "no setting 'minMinerStakes'")]
    [InlineData("{\n \"epochLength\": \"1d\" }", "line 2", "whole number of seconds")]
    [InlineData("""{ "seatFee": "5", "seatFee": "6" }""", "line 1", "seatFee")]
    [InlineData("""{ "seatFee": 5 }""", "line 1", "in quotes")]
    [InlineData("""{ "token": "0x107742EB846b86CEaAF7528D5C85cddcad3e409b" }""", "token", "checksum")]
    [InlineData("""{ "unbondingDelay": 10 }""", "unbondingDelay is 10 s", "1800 s")]
    public async Task Parameters_WithAMistake_SayWhere(string file, params string[] said)
    {
        File.WriteAllText(_home.PathOf("parameters"), file);

        var (_, message) = await _home.FailAsync("contracts", "deploy", "--parameters", _home.PathOf("parameters"));

        Assert.All(said, text => Assert.Contains(text, message));
    }

    [Theory]
    [InlineData("199", "0x23181F21DEa5936e24163FFABa4Ea3B316B57f3C")]
    [InlineData("1029", "0x107742EB846b86CEaAF7528D5C85cddcad3e409A")]
    public async Task Parameters_OfBitTorrentChain_AreWithWrappedBtt(string chain, string token)
    {
        var (_, text, _) = await _home.RunAsync("contracts", "parameters", "--chain-id", chain);

        Assert.Equal(token, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("token").GetString());
    }

    [Fact]
    public async Task Deploy_RefusedAndCorrected_Succeeds()
    {
        var token = Address(await _home.DoAsync("contracts", "deploy"), "token");
        File.WriteAllText(_home.PathOf("parameters"), """{ "unbondingDelay": 10 }""");
        string[] again = ["contracts", "deploy", "--again", "--token", token];

        Assert.Equal("refused_by_contract", (await _home.FailAsync([.. again, "--parameters", _home.PathOf("parameters")])).Code);
        Assert.Equal(token, Address(await _home.DoAsync(again), "token"));
    }

    [Fact]
    public async Task Deploy_FromAWalletWithoutCoins_SaysWhatIsNeeded()
    {
        var (_, output, _) = await GridProcess.RunAsync(
            "wallet", "new", "--home", _home.Path, "--password-file", _home.PasswordFile, "--format", "json");
        var wallet = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("address").GetString()!;

        var (code, message) = await _home.FailAsync("contracts", "deploy", "--wallet", wallet);

        Assert.Equal("not_carried_out", code);
        Assert.Contains("the account has 0, so it was not sent. Fund the account", message);
    }

    [Fact]
    public async Task Deploy_NotConfirmed_SendsNothing()
    {
        var (exitCode, _, log) = await _home.RunAsync("contracts", "deploy", "--password-file", _home.PasswordFile);

        Assert.Equal((2, "not_confirmed"), (exitCode, ChainHome.ErrorOf(log).Code));
        Assert.False(Directory.EnumerateFiles(_home.PathOf("chain"), "contracts-*").Any());
    }

    [Fact]
    public async Task Deploy_OnAnotherChainThanTheNodesIs_SaysSo() =>
        Assert.Equal("wrong_chain", (await _home.FailAsync("contracts", "deploy", "--chain-id", "1029")).Code);

    private static string Address(JsonElement contracts, string name) => contracts.GetProperty(name).GetString()!;
}
