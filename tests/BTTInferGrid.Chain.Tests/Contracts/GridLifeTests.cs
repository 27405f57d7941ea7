using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Logs;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Peers;
using BTTInferGrid.Chain.TypedData;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Contracts;

/// <summary>The whole life of stake, deposit, epoch and dispute, through the client, on a real chain.</summary>
public sealed class GridLifeTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>, IAsyncLifetime
{
    private const byte Miner = 1;
    private const byte Validator = 2;
    private const byte Guilty = 1;
    private const byte Innocent = 2;
    private static readonly BigInteger Whole = BigInteger.Pow(10, 18);
    private static readonly DeploymentParameters Parameters = new() { EpochLength = TimeSpan.FromHours(1) };
    private readonly TemporaryHome _home = new();
    private readonly List<GridAccount> _accounts = [];
    private GridAccount _deployer = null!;
    private ContractAddresses _contracts = null!;

    private RpcClient Rpc => anvil.Rpc;

    public async Task InitializeAsync()
    {
        _deployer = await AccountAsync(0);
        _contracts = await new ContractDeployer(Rpc, _deployer.Transactions, _deployer.Address).DeployAsync(Parameters);
    }

    public Task DisposeAsync()
    {
        _accounts.ForEach(static account => account.Dispose());
        _home.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Deploy_IsRecordedAndReadBack()
    {
        DeploymentFile.Write(_home.Path, _contracts);

        Assert.Equal(_contracts, DeploymentFile.Read(_home.Path, Rpc.ChainId));
        Assert.Null(DeploymentFile.Read(_home.Path, 199));
        Assert.Equal(_contracts.DisputeCourt, await Rpc.ReadAsync(_contracts.NodeRegistry, NodeRegistry.Court()));
        Assert.Equal(_contracts.EpochRewards, await Rpc.ReadAsync(_contracts.PaymentEscrow, PaymentEscrow.Pool()));

        File.Copy(DeploymentFile.PathOf(_home.Path, Rpc.ChainId), DeploymentFile.PathOf(_home.Path, 199));
        var wrong = Assert.Throws<DeploymentException>(() => DeploymentFile.Read(_home.Path, 199));
        Assert.Contains("chain 31337", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_ParametersThatAContractRefuses_SaysWhichAndWhy()
    {
        var refused = await Assert.ThrowsAsync<ContractRevertException>(() =>
            new ContractDeployer(Rpc, _deployer.Transactions, _deployer.Address).DeployAsync(
                Parameters with { UnbondingDelay = TimeSpan.FromDays(1) }));

        var error = Assert.IsType<UnbondingTooShortError>(refused.Error);
        Assert.Equal(86_400UL, error.Delay);
        Assert.Equal(21 * 86_400, error.Least);
    }

    [Fact]
    public async Task Deposit_SessionVoucherCollect_PaysTheDifferenceAndRefusesTheRest()
    {
        var payer = await AccountAsync(1_000);
        var front = await AccountAsync(0);
        using var session = PrivateKey.Create();
        await AllowAsync(payer, _contracts.PaymentEscrow);
        await payer.SendAsync(_contracts.PaymentEscrow, PaymentEscrow.Deposit(payer.Address, front.Address, 500 * Whole));
        await payer.SendAsync(
            _contracts.PaymentEscrow,
            PaymentEscrow.Authorise(front.Address, session.Address, 300 * Whole, await NowAsync() + 86_400));
        var voucher = new Voucher(
            payer.Address, front.Address, session.Address, 100 * Whole, await NowAsync() + 3600, Hash32.Of("receipts"u8));

        await CollectAsync(front, session, voucher);
        await CollectAsync(front, session, voucher with { Cumulative = 250 * Whole });
        await CollectAsync(front, session, voucher);

        var deposit = await Rpc.ReadAsync(_contracts.PaymentEscrow, PaymentEscrow.DepositOf(payer.Address, front.Address));
        Assert.Equal(250 * Whole, deposit.Balance);
        Assert.Equal(Whole * 25 / 2, await BalanceAsync(front.Address));
        Assert.Equal(235 * Whole, await BalanceAsync(_contracts.EpochRewards));

        var forged = await Assert.ThrowsAsync<ContractRevertException>(() =>
            CollectAsync(front, payer.Key, voucher with { Cumulative = 300 * Whole }));
        Assert.Equal(new VoucherNotBySessionError(payer.Address, session.Address), forged.Error);
        await TravelAsync(TimeSpan.FromHours(2));
        var expired = await Assert.ThrowsAsync<ContractRevertException>(() => CollectAsync(front, session, voucher));
        Assert.IsType<VoucherExpiredError>(expired.Error);
    }

    /// <summary>viem, with the ABI that forge wrote, stakes, deposits, signs a root and claims on our deployment.</summary>
    [Fact]
    public async Task StakeDepositAndClaim_ByViem_AreThere()
    {
        var contracts = AnvilProgram.Find().Split("/node_modules/")[0];
        var accounts = (await JavaScriptPeer.RunAsync("life.mjs", [new JsonObject
        {
            ["rpc"] = anvil.Node.Endpoint.ToString(),
            ["chainId"] = Rpc.ChainId,
            ["artifacts"] = Path.Combine(contracts, "out"),
            ["token"] = _contracts.Token.ToString(),
            ["nodeRegistry"] = _contracts.NodeRegistry.ToString(),
            ["paymentEscrow"] = _contracts.PaymentEscrow.ToString(),
            ["epochRewards"] = _contracts.EpochRewards.ToString(),
        }]))[0];
        var developer = Address.Parse((string)accounts["developer"]!);
        var collector = Address.Parse((string)accounts["collector"]!);
        var validator = Address.Parse((string)accounts["validator"]!);

        Assert.Equal(100_000 * Whole, await Rpc.ReadAsync(_contracts.NodeRegistry, NodeRegistry.ActiveStakeOf(validator)));
        var deposit = await Rpc.ReadAsync(_contracts.PaymentEscrow, PaymentEscrow.DepositOf(developer, collector));
        Assert.Equal(400 * Whole, deposit.Balance);
        Assert.Equal(700 * Whole, await Rpc.ReadAsync(_contracts.EpochRewards, EpochRewards.ClaimedOf(developer)));
        Assert.Equal(1_300 * Whole, await BalanceAsync(developer));
    }

    [Fact]
    public async Task VoucherDigest_OfTheContract_IsThatOfTheClient()
    {
        var voucher = new Voucher(
            _deployer.Address, _contracts.NodeRegistry, _contracts.Token, 12345 * Whole, 999, Hash32.Of("receipts"u8));

        var typed = new TypedStruct("Voucher")
            .AddAddress("payer", voucher.Payer)
            .AddAddress("collector", voucher.Collector)
            .AddAddress("session", voucher.Session)
            .AddUInt("cumulative", voucher.Cumulative)
            .AddUInt("expiry", voucher.Expiry, 64)
            .AddBytes32("receiptsHash", voucher.ReceiptsHash);

        Assert.Equal(
            await Rpc.ReadAsync(_contracts.PaymentEscrow, PaymentEscrow.VoucherDigest(voucher)),
            typed.SigningHash(new TypedDomain("BTTInferGrid PaymentEscrow", "1", Rpc.ChainId, _contracts.PaymentEscrow)));
    }

    [Fact]
    public async Task Epoch_RootVetoClaim_PaysWhatTheRootThatStandsSays()
    {
        var validators = await ValidatorsAsync(3);
        await _deployer.SendAsync(_contracts.Token, BttToken.Faucet(_contracts.EpochRewards, 900 * Whole));
        await TravelAsync(TimeSpan.FromHours(1));
        var epoch = await Rpc.ReadAsync(_contracts.NodeRegistry, NodeRegistry.CurrentEpoch()) - 1;
        var miners = Enumerable.Range(1, 7).Select(static number =>
            new Payout(new Address(Hash32.Of([(byte)number]).ToBytes().AsSpan(12)), number * 25 * Whole)).ToArray();
        var tree = Tree(miners);

        await ProposeAsync(validators, epoch, Tree(miners[0] with { Cumulative = 800 * Whole }));
        await validators[0].SendAsync(_contracts.EpochRewards, EpochRewards.Veto());
        await validators[1].SendAsync(_contracts.EpochRewards, EpochRewards.Veto());
        await ProposeAsync(validators, epoch, tree);
        await TravelAsync(Parameters.ChallengeWindow);
        foreach (var miner in miners)
        {
            await ClaimAsync(tree, miner.Account);
            Assert.Equal(miner.Cumulative, await BalanceAsync(miner.Account));
        }

        Assert.Equal(700 * Whole, await Rpc.ReadAsync(_contracts.EpochRewards, EpochRewards.TotalClaimed()));
        var again = await Assert.ThrowsAsync<ContractRevertException>(() => ClaimAsync(tree, miners[0].Account));
        Assert.Equal(new NothingToClaimError(miners[0].Account, miners[0].Cumulative), again.Error);
    }

    [Fact]
    public async Task Dispute_GuiltyThenAppealed_TurnsAndTheStakeCanLeave()
    {
        var validators = await ValidatorsAsync(4);
        var miner = await StakedAsync(Miner, 20_000);
        var accuser = await AccountAsync(50_000);
        await AllowAsync(accuser, _contracts.DisputeCourt);
        await AllowAsync(miner, _contracts.DisputeCourt);
        await TravelAsync(TimeSpan.FromSeconds(10));
        var receipt = await ReceiptAsync(miner, accuser);

        var signature = await miner.SignAsync(_contracts.DisputeCourt, DisputeCourt.ReceiptDigest(receipt));
        await accuser.SendAsync(
            _contracts.DisputeCourt, DisputeCourt.Accuse(receipt, signature, Hash32.Of("evidence"u8)));
        var caseId = await Rpc.ReadAsync(_contracts.DisputeCourt, DisputeCourt.CaseCount());
        await JudgeAsync(validators, caseId, Guilty);
        await miner.SendAsync(_contracts.DisputeCourt, DisputeCourt.Appeal(caseId));
        await JudgeAsync(validators, caseId, Innocent);
        await _deployer.SendAsync(_contracts.DisputeCourt, DisputeCourt.Conclude(caseId));

        Assert.Equal(20_000 * Whole, await StakeAsync(miner));
        Assert.True(await Rpc.ReadAsync(_contracts.DisputeCourt, DisputeCourt.OwedTo(miner.Address)) > Parameters.AppealBond);
        await miner.SendAsync(_contracts.NodeRegistry, NodeRegistry.Unstake(20_000 * Whole));
        var early = await Assert.ThrowsAsync<ContractRevertException>(
            () => miner.SendAsync(_contracts.NodeRegistry, NodeRegistry.Withdraw()));
        Assert.IsType<StillUnbondingError>(early.Error);
        await TravelAsync(Parameters.UnbondingDelay);
        var before = await BalanceAsync(miner.Address);
        await miner.SendAsync(_contracts.NodeRegistry, NodeRegistry.Withdraw());
        Assert.Equal(20_000 * Whole, await BalanceAsync(miner.Address) - before);
    }

    [Fact]
    public async Task DoubleReceipt_Shown_IsSlashedAndInTheLog()
    {
        var miner = await StakedAsync(Miner, 20_000);
        var reporter = await AccountAsync(0);
        var one = await ReceiptAsync(miner, reporter);
        var other = one with { OutputHash = Hash32.Of("another output"u8) };
        var before = await Rpc.AskAsync(ChainQueries.BlockNumber());

        await reporter.SendAsync(_contracts.DisputeCourt, DisputeCourt.ProveDoubleReceipt(
            one, await miner.SignAsync(_contracts.DisputeCourt, DisputeCourt.ReceiptDigest(one)),
            other, await miner.SignAsync(_contracts.DisputeCourt, DisputeCourt.ReceiptDigest(other))));

        Assert.Equal(10_000 * Whole, await StakeAsync(miner));
        var logs = await Rpc.AskAsync(ChainQueries.Logs(
            [_contracts.DisputeCourt], [], before + 1, await Rpc.AskAsync(ChainQueries.BlockNumber())));
        var events = logs.Select(static log => DisputeCourt.DecodeEvent(log.Topics, log.Data)).ToArray();
        Assert.Contains(
            new DisputeCourt.Events.DoubleReceipt(miner.Address, one.Job, 10_000 * Whole, reporter.Address), events);
    }

    /// <summary>What the registry tells is read as typed events, each once, also by a follower that begins where one ended.</summary>
    [Fact]
    public async Task Events_OfStakes_AreFollowedOnceAcrossRestarts()
    {
        var miner = await StakedAsync(Miner, 20_000);
        var first = await FollowAsync();
        await miner.SendAsync(_contracts.NodeRegistry, NodeRegistry.Unstake(5_000 * Whole));
        var second = await FollowAsync();

        var epoch = Assert.IsType<NodeRegistry.Events.Registered>(first[0]).Epoch;
        Assert.Equal(
            [
                new NodeRegistry.Events.Registered(miner.Address, Miner, 20_000 * Whole, epoch),
                new NodeRegistry.Events.StakeAdded(miner.Address, 20_000 * Whole, 20_000 * Whole),
            ],
            first);
        var unstaked = Assert.IsType<NodeRegistry.Events.Unstaked>(Assert.Single(second));
        Assert.Equal((miner.Address, 5_000 * Whole, 5_000 * Whole), (unstaked.Account, unstaked.Amount, unstaked.Unbonding));
        Assert.Empty(await FollowAsync());

        // A follower that was started anew sees by the stored cursor that what was handed on is gone.
        await Rpc.ReorganiseAsync(5);
        await Assert.ThrowsAsync<DeepReorgException>(FollowAsync);
    }

    /// <summary>The events since the last call, by a follower that knows of that one by its file only.</summary>
    private async Task<List<ContractEvent?>> FollowAsync()
    {
        var events = new List<ContractEvent?>();
        using var follower = new LogFollower(
            Rpc,
            new LogFollowerOptions
            {
                Database = Path.Combine(_home.Path, "logs.db"),
                Name = "stakes",
                Addresses = [_contracts.NodeRegistry],
                Confirmations = 1,
            },
            TimeProvider.System,
            NullLogger<LogFollower>.Instance);
        while (await follower.AdvanceAsync((batch, _) =>
            events.AddRange(batch.Logs.Select(static log => NodeRegistry.DecodeEvent(log.Topics, log.Data)))))
        {
        }

        return events;
    }

    private async Task JudgeAsync(GridAccount[] validators, BigInteger caseId, byte verdict)
    {
        await Rpc.MineAsync(6);
        await _deployer.SendAsync(_contracts.DisputeCourt, DisputeCourt.DrawEntropy(caseId));
        var round = (await Rpc.ReadAsync(_contracts.DisputeCourt, DisputeCourt.CaseOf(caseId))).Round;
        var seated = await Rpc.ReadAsync(_contracts.DisputeCourt, DisputeCourt.MembersOf(caseId, round));
        var members = validators.Where(one => seated.Contains(one.Address)).ToArray();
        Assert.Equal(seated.Length, members.Length);
        foreach (var member in members)
        {
            await member.SendAsync(_contracts.DisputeCourt, DisputeCourt.CommitVerdict(
                caseId, Commitment(caseId, round, member.Address, verdict)));
        }

        await TravelAsync(Parameters.CommitWindow);
        foreach (var member in members)
        {
            await member.SendAsync(_contracts.DisputeCourt, DisputeCourt.RevealVerdict(
                caseId, verdict, Hash32.Of("numbers"u8), Hash32.Of("salt"u8)));
        }

        await TravelAsync(Parameters.RevealWindow);
        await _deployer.SendAsync(_contracts.DisputeCourt, DisputeCourt.Decide(caseId));
    }

    // keccak256(abi.encode(caseId, round, member, verdict, numbersHash, salt))
    private static Hash32 Commitment(BigInteger caseId, byte round, Address member, byte verdict)
    {
        var writer = new AbiWriter();
        writer.Begin(6 * AbiWriter.WordBytes);
        writer.Add(AbiTypes.UInt256, caseId);
        writer.Add(AbiTypes.UInt256, round);
        writer.Add(AbiTypes.Address, member);
        writer.Add(AbiTypes.UInt8, verdict);
        writer.Add(AbiTypes.Bytes32, Hash32.Of("numbers"u8));
        writer.Add(AbiTypes.Bytes32, Hash32.Of("salt"u8));
        return Hash32.Of(writer.Written);
    }

    private async Task ProposeAsync(GridAccount[] validators, ulong epoch, MerkleSumTree tree)
    {
        var proposal = new EpochRoot(epoch, tree.Root, tree.Total, Hash32.Of("inputs"u8));
        var signatures = ImmutableArray.CreateBuilder<byte[]>();
        foreach (var validator in validators.Order(
            Comparer<GridAccount>.Create(static (one, other) => one.Address.CompareTo(other.Address))))
        {
            signatures.Add(await validator.SignAsync(_contracts.EpochRewards, EpochRewards.RootDigest(proposal)));
        }

        await _deployer.SendAsync(_contracts.EpochRewards, EpochRewards.Propose(proposal, signatures.ToImmutable()));
    }

    private Task ClaimAsync(MerkleSumTree tree, Address account)
    {
        var proof = tree.ProofOf(account, out var cumulative)!.Value;
        return _deployer.SendAsync(
            _contracts.EpochRewards, EpochRewards.Claim(account, cumulative, tree.Root, proof));
    }

    private MerkleSumTree Tree(params Payout[] payouts) => new(Rpc.ChainId, _contracts.EpochRewards, payouts);

    private async Task CollectAsync(GridAccount front, PrivateKey signer, Voucher voucher)
    {
        var digest = await Rpc.ReadAsync(_contracts.PaymentEscrow, PaymentEscrow.VoucherDigest(voucher));
        await front.SendAsync(_contracts.PaymentEscrow, PaymentEscrow.Collect(voucher, signer.Sign(digest).ToBytes()));
    }

    private async Task<Receipt> ReceiptAsync(GridAccount miner, GridAccount payer) => new(
        Hash32.Of(miner.Address.ToBytes()), miner.Address, payer.Address, Hash32.Of("profile"u8), Hash32.Of("prompt"u8),
        Hash32.Of("output"u8), 10, 20, 3 * Whole, Hash32.Of("commitment"u8),
        await Rpc.ReadAsync(_contracts.NodeRegistry, NodeRegistry.CurrentEpoch()));

    private async Task<GridAccount[]> ValidatorsAsync(int count)
    {
        var validators = new GridAccount[count];
        for (var i = 0; i < count; i++)
        {
            validators[i] = await StakedAsync(Validator, 100_000);
        }

        return validators;
    }

    private async Task<GridAccount> StakedAsync(byte role, int stake)
    {
        var account = await AccountAsync(stake + 10_000);
        await AllowAsync(account, _contracts.NodeRegistry);
        await account.SendAsync(_contracts.NodeRegistry, NodeRegistry.Register(role, stake * Whole, Address.Zero));
        return account;
    }

    private Task AllowAsync(GridAccount account, Address spender) =>
        account.SendAsync(_contracts.Token, BttToken.Approve(spender, (BigInteger.One << 256) - 1));

    private async Task<GridAccount> AccountAsync(int tokens)
    {
        var account = await GridAccount.CreateAsync(Rpc, _home.Path);
        _accounts.Add(account);
        if (tokens > 0)
        {
            await account.SendAsync(_contracts.Token, BttToken.Faucet(account.Address, tokens * Whole));
        }

        return account;
    }

    private Task<BigInteger> StakeAsync(GridAccount account) =>
        Rpc.ReadAsync(_contracts.NodeRegistry, NodeRegistry.SlashableStakeOf(account.Address));

    private Task<BigInteger> BalanceAsync(Address account) => Rpc.ReadAsync(_contracts.Token, BttToken.BalanceOf(account));

    private async Task<ulong> NowAsync() => (await Rpc.AskAsync(ChainQueries.Block(BlockTag.Latest)))!.Timestamp;

    private async Task TravelAsync(TimeSpan time)
    {
        await Rpc.CallAsync(new RpcCall("evm_increaseTime", Quantity.Format((BigInteger)time.TotalSeconds + 1)));
        await Rpc.MineAsync();
    }
}
