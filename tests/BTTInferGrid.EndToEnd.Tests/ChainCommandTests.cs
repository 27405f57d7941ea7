using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>What a wallet does by the command line, on a real chain.</summary>
public sealed class ChainCommandTests(ChainFixture fixture) : IClassFixture<ChainFixture>
{
    private const string Front = "0x107742EB846b86CEaAF7528D5C85cddcad3e409A";
    private static readonly BigInteger Whole = BigInteger.Pow(10, 18);
    private readonly ChainHome _home = fixture.Home;
    private readonly RpcClient _rpc = fixture.Rpc;

    [Fact]
    public async Task Stake_UnstakeWithdraw_ReturnsAllOfIt()
    {
        await using var home = await _home.BesideAsync(account: 1);
        await home.DoAsync("token", "faucet", "300000");
        Assert.Equal("no_role", (await home.FailAsync("stake", "20000")).Code);
        Assert.Equal(["approve", "stake"], StepsOf(await home.DoAsync("stake", "20000", "--role", "miner")));
        await home.DoAsync("stake", "500.5");
        Assert.Equal(("miner", Btt(20_500) + (Whole / 2), Btt(279_499) + (Whole / 2)), await StateAsync(home));
        Assert.Equal("wrong_role", (await home.FailAsync("stake", "200000", "--role", "validator")).Code);

        Assert.Contains("the least of this role", (await home.FailAsync("unstake", "20000")).Message);
        await home.DoAsync("unstake", "20500.5");
        Assert.Contains("The stake unbonds until 20", (await home.FailAsync("withdraw")).Message);
        await TravelAsync(TimeSpan.FromMinutes(30));
        await home.DoAsync("withdraw");

        Assert.Equal(("miner", BigInteger.Zero, Btt(300_000)), await StateAsync(home));
        Assert.Contains("is unbonding. Unstake first", (await home.FailAsync("withdraw")).Message);
    }

    [Fact]
    public async Task Deposit_ThawWithdraw_ReturnsWhatWasAskedFor()
    {
        var before = await TokensAsync(_home.Address);
        await _home.DoAsync("deposit", "700", "--collector", Front);
        Assert.Contains("The deposit has 700 BTT", (await _home.FailAsync("thaw", "701", "--collector", Front)).Message);
        await _home.DoAsync("thaw", "300", "--collector", Front);
        Assert.Contains("The deposit thaws until 20", (await _home.FailAsync("withdraw", "--collector", Front)).Message);
        await TravelAsync(TimeSpan.FromMinutes(5));

        await _home.DoAsync("withdraw", "--collector", Front);

        Assert.Equal(Btt(-400), await TokensAsync(_home.Address) - before);
    }

    [Fact]
    public async Task Transfer_ToSomebody_ArrivesOnceAndAgainWhenAskedAgain()
    {
        var receiver = Somebody();
        await _home.DoAsync("token", "transfer", receiver, "1.5");
        await _home.DoAsync("token", "transfer", receiver, "1.5");

        Assert.Equal(Btt(3), await TokensAsync(receiver));
    }

    [Fact]
    public async Task Transfer_KilledWhileItWaits_IsSentOnceWhenAskedAgain()
    {
        var receiver = Somebody();
        await TransferAndKillAsync(receiver, "40");

        var again = await _home.DoAsync("token", "transfer", receiver, "40");

        Assert.Equal(["transfer"], StepsOf(again));
        Assert.Equal(Btt(40), await TokensAsync(receiver));
    }

    [Fact]
    public async Task Transfer_KilledWhileItWaits_IsToldOfByTheNextCommand()
    {
        var receiver = Somebody();
        await TransferAndKillAsync(receiver, "7");

        var other = await _home.DoAsync("token", "faucet", "1");

        var earlier = Assert.Single(other.GetProperty("earlier").EnumerateArray());
        Assert.Equal($"transfer/{receiver}/{Btt(7)}", earlier.GetProperty("action").GetString());
        Assert.Equal("confirmed", earlier.GetProperty("state").GetString());
        Assert.Equal(Btt(7), await TokensAsync(receiver));
    }

    /// <summary>Another program of the wallet sees the transfer through, and nobody tells whoever wanted it.</summary>
    [Fact]
    public async Task Transfer_ConfirmedAndNotTold_IsToldAndNotSentAgain()
    {
        var receiver = Somebody();
        await TransferAndKillAsync(receiver, "3");
        using (var key = _home.Chain.Accounts.OpenKey(0))
        using (var transactions = Manager(key, "chain/transactions-31337.db"))
        {
            foreach (var unfinished in await transactions.UnacknowledgedAsync())
            {
                Assert.Equal(TransactionState.Confirmed, (await transactions.WaitAsync(unfinished.Key)).State);
            }
        }

        await _home.DoAsync("token", "transfer", receiver, "3");
        Assert.Equal(Btt(3), await TokensAsync(receiver));
        await _home.DoAsync("token", "transfer", receiver, "3");
        Assert.Equal(Btt(6), await TokensAsync(receiver));
    }

    [Theory]
    [InlineData("""{ "epoch": 1, "payouts": [null] }""", "payouts[0]")]
    [InlineData("""{ "epoch": 1, "payouts": [{ "account": "0x12", "cumulative": "1" }] }""", "An address is 0x")]
    [InlineData("""{ "epoch": 1, "payouts": [{ "account": "0x107742EB846b86CEaAF7528D5C85cddcad3e409A", "cumulative": "1e9" }] }""", "number of wei")]
    [InlineData("""{ "epoch": 1, "payouts": [] }""", "no payouts")]
    [InlineData("""{ "epoch": 1 }""", "lacks")]
    [InlineData("[", "line 1")]
    public async Task Claim_FromAWrongFile_SaysWhatIsWrong(string payouts, string problem)
    {
        await File.WriteAllTextAsync(_home.PathOf("wrong.json"), payouts);

        var (_, message) = await _home.FailAsync("claim", "--payouts", _home.PathOf("wrong.json"));

        Assert.Contains(problem, message);
    }

    [Fact]
    public async Task Claim_FromPublishedPayouts_PaysOnceAndOnlyFromTheActiveRoot()
    {
        await using var home = await _home.BesideAsync(account: 2);
        await home.DoAsync("token", "faucet", "300000");
        await home.DoAsync("stake", "100000", "--role", "validator");
        await TravelAsync(TimeSpan.FromMinutes(10));
        using var validator = home.Chain.Accounts.OpenKey(2);
        var contracts = DeploymentFile.Read(home.PathOf("chain"), _rpc.ChainId)!;
        var other = Address.Parse(Somebody());
        var tree = new MerkleSumTree(
            _rpc.ChainId, contracts.EpochRewards, [new(validator.Address, 30 * Whole), new(other, 12 * Whole)]);
        await home.DoAsync("token", "transfer", $"{contracts.EpochRewards}", "42");
        var epoch = await _rpc.ReadAsync(contracts.NodeRegistry, NodeRegistry.CurrentEpoch()) - 1;
        var payouts = home.PathOf("payouts.json");
        await WriteAsync(payouts, epoch, tree.Payouts);

        Assert.Equal("wrong_payouts", (await home.FailAsync("claim", "--payouts", payouts)).Code);
        await ProposeAsync(contracts, validator, new EpochRoot(epoch, tree.Root, tree.Total, Hash32.Of("inputs"u8)));
        Assert.Equal("root_pending", (await home.FailAsync("claim", "--payouts", payouts)).Code);
        await TravelAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("nothing_earned", (await home.FailAsync("claim", $"{contracts.Token}", "--payouts", payouts)).Code);
        await home.DoAsync("claim", "--payouts", payouts);
        await home.DoAsync("claim", $"{other}", "--payouts", payouts);

        Assert.Contains("has claimed all of its 30 BTT", (await home.FailAsync("claim", "--payouts", payouts)).Message);
        Assert.Equal(Btt(12), await TokensAsync($"{other}"));
        Assert.Equal($"{Btt(30)}", (await home.AskAsync("wallet", "show")).GetProperty("claimed").GetString());
    }

    [Fact]
    public async Task Estimate_OfAnything_TellsTheCostAndSendsNothing()
    {
        var before = await _rpc.AskAsync(ChainQueries.BlockNumber());

        var stake = await _home.AskAsync("stake", "20000", "--role", "miner", "--estimate");
        var transfer = await _home.AskAsync("token", "transfer", Front, "1", "--estimate");
        var (exitCode, _, log) = await _home.RunAsync("stake", "1", "--role", "miner", "--estimate");

        Assert.Equal(before, await _rpc.AskAsync(ChainQueries.BlockNumber()));
        var steps = stake.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["approve", "stake"], steps.Select(static step => step.GetProperty("step").GetString()!).ToArray());
        Assert.InRange(steps[0].GetProperty("gas").GetInt32(), 40_000, 60_000);
        Assert.Equal(JsonValueKind.Null, steps[1].GetProperty("gas").ValueKind);
        var one = transfer.GetProperty("steps")[0];
        Assert.Equal(
            one.GetProperty("gas").GetInt32() * BigInteger.Parse(transfer.GetProperty("gas_price").GetString()!),
            BigInteger.Parse(one.GetProperty("fee").GetString()!));
        Assert.Equal((1, "refused_by_contract"), (exitCode, ChainHome.ErrorOf(log).Code));
    }

    [Theory]
    [InlineData("wrong_amount", "stake", "1e5", "--role", "miner")]
    [InlineData("wrong_amount", "unstake", "0")]
    [InlineData("wrong_amount", "token", "transfer", Front, "-1")]
    [InlineData("wrong_amount", "token", "transfer", Front, "0.1234567890123456789")]
    [InlineData("wrong_address", "token", "transfer", "0x107742EB846b86CEaAF7528D5C85cddcad3e409b", "1")]
    [InlineData("wrong_address", "deposit", "1", "--collector", "0x0000000000000000000000000000000000000000")]
    [InlineData("insufficient_tokens", "stake", "400000", "--role", "miner")]
    [InlineData("refused_by_contract", "token", "transfer", Front, "400000")]
    [InlineData("refused_by_contract", "token", "faucet", "2000000")]
    [InlineData("not_local", "token", "faucet", "1", "--chain-id", "199")]
    [InlineData("wrong_usage", "unstake", "1", "--confirmations", "0")]
    [InlineData("wrong_usage", "unstake", "1", "--max-fee", "0")]
    [InlineData("wrong_usage", "unstake", "1", "--chain-id", "0")]
    [InlineData("no_wallet", "unstake", "1", "--wallet", Front)]
    public async Task BadInput_OfAnyKind_IsRefusedAndNothingIsSent(string code, params string[] arguments)
    {
        var before = await _rpc.AskAsync(ChainQueries.BlockNumber());

        Assert.Equal(code, (await _home.FailAsync(arguments)).Code);

        Assert.Equal(before, await _rpc.AskAsync(ChainQueries.BlockNumber()));
    }

    [Fact]
    public async Task WrongPassword_AndNotConfirmed_SendNothing()
    {
        File.WriteAllText(_home.PathOf("other"), "wrong horse\n");
        var before = await _rpc.AskAsync(ChainQueries.BlockNumber());

        var (_, _, wrong) = await _home.RunAsync("token", "faucet", "1", "--password-file", _home.PathOf("other"), "--yes");
        var (_, _, unasked) = await _home.RunAsync("token", "transfer", Front, "1", "--password-file", _home.PasswordFile);

        Assert.Equal("wrong_password", ChainHome.ErrorOf(wrong).Code);
        Assert.Equal("not_confirmed", ChainHome.ErrorOf(unasked).Code);
        Assert.Equal(before, await _rpc.AskAsync(ChainQueries.BlockNumber()));
    }

    [Fact]
    public async Task Faucet_OfANewWallet_GivesCoinsForGasToo()
    {
        await using var home = await _home.BesideAsync(account: 4);
        var (_, output, _) = await GridProcess.RunAsync(
            "wallet", "new", "--home", home.Path, "--password-file", home.PasswordFile, "--format", "json");
        var wallet = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("address").GetString()!;

        await home.DoAsync("token", "faucet", "--wallet", wallet);

        var balance = await _home.AskAsync("token", "balance", wallet);
        Assert.Equal(Btt(1000), Wei(balance, "tokens"));
        Assert.True(Wei(balance, "coins") > 0);
    }

    private static BigInteger Btt(int whole) => whole * Whole;

    private static string[] StepsOf(JsonElement action) =>
        [.. action.GetProperty("transactions").EnumerateArray().Select(static one => one.GetProperty("step").GetString()!)];

    private static Task WriteAsync(string path, ulong epoch, IEnumerable<Payout> payouts) => File.WriteAllTextAsync(
        path,
        JsonSerializer.Serialize(new
        {
            epoch,
            payouts = payouts.Select(static one => new { account = $"{one.Account}", cumulative = $"{one.Cumulative}" }),
        }));

    /// <summary>An address that has nothing.</summary>
    private static string Somebody()
    {
        using var key = PrivateKey.Create();
        return key.Address.ToString();
    }

    private static async Task<(string?, BigInteger, BigInteger)> StateAsync(ChainHome home)
    {
        var shown = await home.AskAsync("wallet", "show");
        return (shown.GetProperty("role").GetString(), Wei(shown, "stake"), Wei(shown, "tokens"));
    }

    private static BigInteger Wei(JsonElement shown, string name) => BigInteger.Parse(shown.GetProperty(name).GetString()!);

    private async Task<BigInteger> TokensAsync(string account) =>
        Wei(await _home.AskAsync("token", "balance", account), "tokens");

    private TransactionManager Manager(PrivateKey key, string file) => new(
        _rpc, new TransactionSigner(key),
        new TransactionOptions { Database = _home.PathOf(file), MaxFeePerGas = BigInteger.Pow(10, 12), Confirmations = 1 },
        TimeProvider.System, NullLogger<TransactionManager>.Instance);

    /// <summary>Ends a command when its transaction waits for a block, and lets the block come.</summary>
    private async Task TransferAndKillAsync(string receiver, string amount)
    {
        await CallAsync("evm_setAutomine", false);
        await using (var command = GridProcess.Begin(
            "token", "transfer", receiver, amount, "--home", _home.Path, "--rpc", _home.Chain.Endpoint.ToString(), "--password-file",
            _home.PasswordFile, "--yes"))
        {
            // A chain tells nobody of what waits for a block.
            await Poll.UntilAsync(PendingAsync, static pending => pending > 0, TimeSpan.FromMinutes(1));
            command.Kill();
        }

        await CallAsync("evm_setAutomine", true);
        await CallAsync("evm_mine");
    }

    private async Task ProposeAsync(ContractAddresses contracts, PrivateKey validator, EpochRoot root)
    {
        using var proposer = _home.Chain.Accounts.OpenKey(3);
        using var transactions = Manager(proposer, "proposer.db");
        var digest = await _rpc.ReadAsync(contracts.EpochRewards, EpochRewards.RootDigest(root));
        await transactions.SendAsync(
            "propose", contracts.EpochRewards, EpochRewards.Propose(root, [validator.Sign(digest).ToBytes()]));
    }

    private async Task<ulong> PendingAsync()
    {
        var account = _home.Chain.Accounts.Addresses[0];
        var (mined, pending) = await _rpc.AskAsync(
            ChainQueries.TransactionCount(account, BlockTag.Latest), ChainQueries.TransactionCount(account, BlockTag.Pending));
        return pending - mined;
    }

    private async Task TravelAsync(TimeSpan time)
    {
        await CallAsync("evm_increaseTime", (int)time.TotalSeconds + 1);
        await CallAsync("evm_mine");
    }

    private Task<JsonElement> CallAsync(string method, params JsonNode?[] parameters) => _rpc.CallAsync(new RpcCall(method, parameters));
}
