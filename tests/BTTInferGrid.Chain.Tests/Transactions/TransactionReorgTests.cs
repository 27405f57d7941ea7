using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>Chains that forget, wait, or were used by somebody else.</summary>
public sealed class TransactionReorgTests(AnvilFixture anvil) : TransactionFixture(anvil), IClassFixture<AnvilFixture>
{
    private const string Send = "eth_sendRawTransaction";

    [Fact]
    public async Task Reorg_OfFiveBlocksDropsIt_TheSameBytesGoOutAgain()
    {
        var manager = CreateManager(options => Patient(options) with { Confirmations = 8 });
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        await Direct.MineAsync(4);
        await manager.AdvanceAsync();
        var sent = await manager.FindAsync("rent");
        Assert.Equal(1000, await PaidAsync());

        await Direct.ReorganiseAsync(5);
        await Direct.DropAllAsync();
        Assert.Equal(0, await PaidAsync());
        Assert.False(await Direct.AskAsync(ChainQueries.IsKnown(sent!.Hash!.Value)));

        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        await Direct.MineAsync(8);
        var done = await manager.WaitAsync("rent");

        Assert.Equal(sent.Hash, done.Hash);
        Assert.Equal(1000, await PaidAsync());
        Assert.Equal(1UL, await Direct.NonceAsync(Signer.Address));
    }

    [Fact]
    public async Task Reorg_DeeperThanTheConfirmations_IsMendedAndPaysOnce()
    {
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        await manager.AdvanceAsync();
        var done = await manager.FindAsync("rent");
        Assert.Equal(TransactionState.Confirmed, done!.State);

        await Direct.ReorganiseAsync(1);
        await Direct.DropAllAsync();
        Assert.Equal(0, await PaidAsync());
        await manager.AdvanceAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        await manager.AdvanceAsync();

        Assert.Equal(done.Hash, (await manager.FindAsync("rent"))!.Hash);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Stuck_Transaction_IsReplacedByOneThatPaysMore()
    {
        await Direct.SetAutomineAsync(false);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        var first = await manager.FindAsync("rent");

        await manager.AdvanceAsync();
        Assert.Equal(1, Proxy.Count(Send));
        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();
        Assert.Equal(2, Proxy.Count(Send));
        await Direct.MineAsync();
        await manager.AdvanceAsync();

        var done = await manager.FindAsync("rent");
        Assert.Equal(TransactionState.Confirmed, done!.State);
        Assert.NotEqual(first!.Hash, done.Hash);
        Assert.Equal(first.Nonce, done.Nonce);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Stuck_NeverSentInALongOutage_GoesOutAsTheSameBytes()
    {
        await Direct.SetAutomineAsync(false);
        Proxy.Set(Fault.Refuse, Send);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await Assert.ThrowsAsync<RpcUnreachableException>(() => manager.AdvanceAsync());
        var signed = await manager.FindAsync("rent");

        clock.Advance(TimeSpan.FromHours(1));
        Proxy.Set(Fault.None);
        await manager.AdvanceAsync();
        await manager.AdvanceAsync();

        Assert.Equal(signed!.Hash, (await manager.FindAsync("rent"))!.Hash);
    }

    [Fact]
    public async Task Stuck_OnlyTheFirstIsReplaced()
    {
        await Direct.SetAutomineAsync(false);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("one"));
        await manager.SubmitAsync(Pay("two"));
        await manager.AdvanceAsync();
        var second = await manager.FindAsync("two");

        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();

        Assert.Equal(3, Proxy.Count(Send));
        Assert.Equal(second, await manager.FindAsync("two"));
    }

    [Fact]
    public async Task Stuck_FirstAttemptIsMinedAfterAll_ItsReceiptCounts()
    {
        await Direct.SetAutomineAsync(false);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        var first = await manager.FindAsync("rent");
        Proxy.Set(Fault.Refuse, Send);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<RpcUnreachableException>(() => manager.AdvanceAsync());
        Assert.NotEqual(first!.Hash, (await manager.FindAsync("rent"))!.Hash);

        await Direct.MineAsync();
        await manager.AdvanceAsync();

        var done = await manager.FindAsync("rent");
        Assert.Equal(TransactionState.Confirmed, done!.State);
        Assert.Equal(first.Hash, done.Hash);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Stuck_AtTheCap_IsNotReplaced()
    {
        await Direct.SetAutomineAsync(false);
        var block = await Direct.AskAsync(ChainQueries.Block(BlockTag.Latest));
        var clock = new ManualClock();
        var manager = CreateManager(options => options with { MaxFeePerGas = block!.BaseFee!.Value + 1 }, clock);
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();

        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();

        Assert.Equal(1, Proxy.Count(Send));
    }

    [Fact]
    public async Task Nonce_UsedByAnotherProgram_IsSaidAndNotPaidAgain()
    {
        await Direct.SetAutomineAsync(false);
        Proxy.Set(Fault.Refuse, Send);
        var manager = CreateManager(Patient);
        await manager.SubmitAsync(Pay("rent"));
        await Assert.ThrowsAsync<RpcUnreachableException>(() => manager.AdvanceAsync());

        await Direct.SendUnsignedAsync(Signer.Address, Signer.Address);
        await Direct.MineAsync();
        Proxy.Set(Fault.None);

        var error = await Assert.ThrowsAsync<TransactionDisplacedException>(() => manager.WaitAsync("rent"));
        Assert.Equal(0UL, error.Nonce);
        Assert.Equal(0, await PaidAsync());
    }

    [Fact]
    public async Task Nonce_ReceiptComesLate_IsNotTakenForDisplaced()
    {
        var manager = CreateManager();
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent");
        Proxy.Answers["eth_getTransactionReceipt"] = "null";
        Proxy.Set(methods =>
        {
            if (methods.StartsWith("eth_getTransactionCount eth_getTransactionReceipt", StringComparison.Ordinal))
            {
                Proxy.Answers.Clear();
            }

            return Fault.None;
        });

        await manager.AdvanceAsync();
        Assert.Empty(Proxy.Answers);
        Assert.Equal(TransactionState.Sent, (await manager.FindAsync("rent"))!.State);
        await manager.AdvanceAsync();

        Assert.Equal(TransactionState.Confirmed, (await manager.FindAsync("rent"))!.State);
    }

    [Fact]
    public async Task Nonce_ChainIsAhead_IsFollowed()
    {
        await Direct.SendUnsignedAsync(Signer.Address, Signer.Address);

        var status = await CreateManager().SendAsync(Pay("rent"));

        Assert.Equal(1UL, status.Nonce);
    }

    [Fact]
    public async Task Gap_TransactionOfAnotherProgramIsGone_IsFilled()
    {
        await Direct.SetAutomineAsync(false);
        await Direct.SendUnsignedAsync(Signer.Address, Signer.Address);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await manager.AdvanceAsync();
        Assert.Equal(1UL, (await manager.FindAsync("rent"))!.Nonce);

        await Direct.DropAllAsync();
        await manager.AdvanceAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();
        await manager.AdvanceAsync();
        await Direct.MineAsync();
        await manager.AdvanceAsync();

        Assert.Equal(TransactionState.Confirmed, (await manager.FindAsync("rent"))!.State);
        Assert.Equal(TransactionState.Confirmed, (await manager.FindAsync("gap/0"))!.State);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Gap_WhatDisplacedATransactionIsTakenBack_TheTransactionIsNotSentAgain()
    {
        Proxy.Set(Fault.Refuse, Send);
        var clock = new ManualClock();
        var manager = CreateManager(time: clock);
        await manager.SubmitAsync(Pay("rent"));
        await Assert.ThrowsAsync<RpcUnreachableException>(() => manager.AdvanceAsync());
        await Direct.WaitMinedAsync(await Direct.SendUnsignedAsync(Signer.Address, Signer.Address));
        Proxy.Set(Fault.None);
        await manager.AdvanceAsync();
        Assert.Equal(TransactionState.Displaced, (await manager.FindAsync("rent"))!.State);

        await Direct.ReorganiseAsync(1);
        await Direct.DropAllAsync();
        await manager.AdvanceAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        await manager.AdvanceAsync();
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "gap/0");
        await manager.SubmitAsync(Pay("rent again"));
        await manager.AdvanceAsync();
        await WaitMinedAsync(manager, "rent again");
        await manager.AdvanceAsync();

        Assert.Equal(TransactionState.Displaced, (await manager.FindAsync("rent"))!.State);
        Assert.Equal(TransactionState.Confirmed, (await manager.FindAsync("gap/0"))!.State);
        Assert.Equal(1UL, (await manager.FindAsync("rent again"))!.Nonce);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Run_IntentsOfAProcessThatDied_AreCarriedOut()
    {
        await CreateManager().SubmitAsync(Pay("rent"));
        using var stop = new CancellationTokenSource();

        var other = CreateManager();
        var run = other.RunAsync(stop.Token);
        var done = await CreateManager().WaitAsync("rent");
        await stop.CancelAsync();

        Assert.Equal(TransactionState.Confirmed, done.State);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
