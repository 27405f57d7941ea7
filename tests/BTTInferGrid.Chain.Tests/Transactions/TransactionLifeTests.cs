using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>From intent to confirmation on a chain that works.</summary>
public sealed class TransactionLifeTests(AnvilFixture anvil) : TransactionFixture(anvil), IClassFixture<AnvilFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_Transfer_ArrivesOnce(bool isLegacy)
    {
        var manager = CreateManager(options => options with { UsesLegacyPricing = isLegacy });

        var status = await manager.SendAsync(Pay("rent"));

        Assert.Equal(TransactionState.Confirmed, status.State);
        Assert.Equal(0UL, status.Nonce);
        Assert.Equal(1000, await PaidAsync());
        var receipt = await Direct.AskAsync(ChainQueries.Receipt(status.Hash!.Value));
        Assert.Equal(status.BlockNumber, receipt!.BlockNumber);
    }

    [Fact]
    public async Task Send_SameKeyAgain_GivesTheSameTransaction()
    {
        var first = await CreateManager().SendAsync(Pay("rent"));
        var second = await CreateManager().SendAsync(Pay("rent"));

        Assert.Equal(first, second);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Acknowledge_AnEnd_IsKeptAndNothingElse()
    {
        var manager = CreateManager();
        await manager.SubmitAsync(Pay("rent"));
        await manager.AcknowledgeAsync("rent");
        Assert.Equal("rent", Assert.Single(await manager.UnacknowledgedAsync()).Key);

        await manager.WaitAsync("rent");
        Assert.False((await manager.FindAsync("rent"))!.IsAcknowledged);
        await manager.AcknowledgeAsync("rent");
        await manager.AcknowledgeAsync("rent");

        var other = CreateManager();
        Assert.True((await other.FindAsync("rent"))!.IsAcknowledged);
        Assert.Empty(await other.UnacknowledgedAsync());
    }

    [Fact]
    public async Task Submit_SameKeyOtherContents_IsAConflict()
    {
        var manager = CreateManager();
        await manager.SubmitAsync(Pay("rent"));

        var error = await Assert.ThrowsAsync<IntentConflictException>(() => manager.SubmitAsync(Pay("rent", 1001)));

        Assert.Equal("rent", error.Key);
    }

    [Fact]
    public async Task Send_ManyAtOnce_GetOneNonceEach()
    {
        var manager = CreateManager();
        string[] keys = [.. Enumerable.Range(0, 40).Select(static number => $"pay/{number}")];

        var sent = await Task.WhenAll(keys.Select(key => manager.SendAsync(Pay(key, 1))));

        Assert.Equal(
            Enumerable.Range(0, 40).Select(static number => (ulong?)number),
            sent.Select(status => status.Nonce).Order());
        Assert.Equal(40, await PaidAsync());
    }

    [Fact]
    public async Task Send_Contract_IsMade()
    {
        var code = Convert.FromHexString("600160005360016000f3");
        var intent = new TransactionIntent { Key = "deploy", To = null, Data = code };

        var status = await CreateManager().SendAsync(intent);

        var receipt = await Direct.AskAsync(ChainQueries.Receipt(status.Hash!.Value));
        Assert.Equal("01", Convert.ToHexString(
            await Direct.AskAsync(ChainQueries.Code(receipt!.ContractAddress!.Value, BlockTag.Latest))));
    }

    [Fact]
    public async Task Wait_Confirmations_AreWaitedFor()
    {
        var manager = CreateManager(options => options with { Confirmations = 3 });
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        await Direct.MineAsync();
        await manager.AdvanceAsync();
        Assert.Equal(TransactionState.Sent, (await manager.FindAsync("rent"))!.State);

        await Direct.MineAsync();
        await manager.AdvanceAsync();

        Assert.Equal(TransactionState.Confirmed, (await manager.FindAsync("rent"))!.State);
    }

    [Fact]
    public async Task Send_CallThatWouldBeReverted_IsNotSentAndSaysWhy()
    {
        // Reverts with the four bytes 12345678.
        await Direct.SetCodeAsync(Payee, "0x631234567860e01b60005260046000fd");

        var error = await Assert.ThrowsAsync<TransactionRevertedException>(
            () => CreateManager().SendAsync(Pay("call", 0)));

        Assert.Equal("12345678", Convert.ToHexString(error.RevertData.Span));
        Assert.Null(error.Hash);
        Assert.Equal(0UL, await Direct.NonceAsync(Signer.Address));
    }

    [Fact]
    public async Task Send_CallThatIsRevertedInABlock_SaysWhyAndWhere()
    {
        await Direct.SetCodeAsync(Payee, "0x631234567860e01b60005260046000fd");
        var manager = CreateManager();

        var error = await Assert.ThrowsAsync<TransactionRevertedException>(
            () => manager.SendAsync(Pay("call", 0) with { GasLimit = 100_000 }));

        Assert.Equal("12345678", Convert.ToHexString(error.RevertData.Span));
        Assert.NotNull(error.Hash);
        Assert.Equal(TransactionState.Reverted, (await manager.FindAsync("call"))!.State);
    }

    [Fact]
    public async Task Send_MoreThanTheAccountHas_IsNotSentAndCanBeTriedAgain()
    {
        var manager = CreateManager();

        var error = await Assert.ThrowsAsync<InsufficientFundsException>(
            () => manager.SendAsync(Pay("rent", Funds * 2)));
        Assert.Equal(Funds, error.Available);

        await Direct.FundAsync(Signer.Address, Funds * 3);
        var status = await manager.SendAsync(Pay("rent", Funds * 2));
        Assert.Equal(TransactionState.Confirmed, status.State);
    }

    [Fact]
    public async Task Send_TwoThatTogetherAreMoreThanTheAccountHas_OneIsSent()
    {
        await Direct.SetAutomineAsync(false);
        var manager = CreateManager();
        await manager.SubmitAsync(Pay("one", Funds * 2 / 3));
        await manager.SubmitAsync(Pay("two", Funds * 2 / 3));

        await manager.AdvanceAsync();

        Assert.Equal(TransactionState.Sent, (await manager.FindAsync("one"))!.State);
        await Assert.ThrowsAsync<InsufficientFundsException>(() => manager.WaitAsync("two"));
    }

    [Fact]
    public async Task Send_FeesAboveTheCap_IsNotSent()
    {
        var manager = CreateManager(options => options with { MaxFeePerGas = 1 });

        var error = await Assert.ThrowsAsync<FeeAboveCapException>(() => manager.SendAsync(Pay("rent")));

        Assert.Equal(1, error.Cap);
        Assert.Equal(0UL, await Direct.NonceAsync(Signer.Address));
    }

    [Fact]
    public async Task Send_MoreGasThanAllowed_IsNotSent()
    {
        var manager = CreateManager(options => options with { MaxGas = 50_000 });

        var error = await Assert.ThrowsAsync<GasAboveLimitException>(
            () => manager.SendAsync(Pay("rent") with { GasLimit = 50_001 }));

        Assert.Equal(50_000UL, error.Limit);
    }

    [Fact]
    public async Task Wait_KeyThatNobodySubmitted_SaysSo()
    {
        await Assert.ThrowsAsync<KeyNotFoundException>(() => CreateManager().WaitAsync("unknown"));
    }

    [Fact]
    public async Task Send_StoreOfAnotherChain_IsRefused()
    {
        await CreateManager().SendAsync(Pay("rent"));
        var genesis = JsonNode.Parse((await Direct.CallAsync(ChainQueries.Block(BlockTag.Number(0)).Call)).GetRawText())!;
        genesis["hash"] = $"0x{new string('1', 64)}";
        Proxy.Answers["eth_getBlockByNumber"] = genesis.ToJsonString();

        await Assert.ThrowsAsync<DifferentGenesisException>(() => CreateManager().SendAsync(Pay("more")));
    }
}
