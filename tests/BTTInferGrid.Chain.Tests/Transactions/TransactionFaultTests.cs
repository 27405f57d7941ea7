using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>An outage in the middle of a transaction: it must be paid once, not twice and not never.</summary>
public sealed class TransactionFaultTests(AnvilFixture anvil) : TransactionFixture(anvil), IClassFixture<AnvilFixture>
{
    private const string Send = "eth_sendRawTransaction";

    [Theory]
    [InlineData(Fault.DropAnswer, 1)]
    [InlineData(Fault.DropAnswer, 3)]
    [InlineData(Fault.Refuse, 1)]
    [InlineData(Fault.Refuse, 3)]
    [InlineData(Fault.Garbage, 3)]
    [InlineData(Fault.Endless, 2)]
    [InlineData(Fault.WrongId, 3)]
    [InlineData(Fault.TooMany, 3)]
    [InlineData(Fault.BadGateway, 3)]
    public async Task Send_FaultOfSending_PaysOnce(Fault fault, int times)
    {
        Proxy.Set(fault, Send, times);

        var status = await CreateManager(Patient).SendAsync(Pay("rent"));

        Assert.Equal(0UL, status.Nonce);
        Assert.Equal(1000, await PaidAsync());
        Assert.Equal(1UL, await Direct.NonceAsync(Signer.Address));
    }

    [Theory]
    [InlineData("eth_chainId")]
    [InlineData("eth_getBlockByNumber")]
    [InlineData("eth_getBalance")]
    [InlineData("eth_estimateGas")]
    [InlineData("eth_gasPrice")]
    [InlineData("eth_getTransactionCount")]
    [InlineData("eth_getTransactionReceipt")]
    public async Task Send_OutageAtAnyStep_PaysOnce(string method)
    {
        Proxy.Set(Fault.DropAnswer, method, times: 5);

        await CreateManager(Patient).SendAsync(Pay("rent"));

        Assert.Equal(1000, await PaidAsync());
        Assert.Equal(1UL, await Direct.NonceAsync(Signer.Address));
    }

    [Fact]
    public async Task Send_AnswersLostAndAnotherManagerGoesOn_PaysOnce()
    {
        Proxy.Set(Fault.DropAnswer, Send);
        await Assert.ThrowsAsync<RpcUnreachableException>(async () =>
        {
            var first = CreateManager(Patient);
            await first.SubmitAsync(Pay("rent"));
            await first.AdvanceAsync();
        });

        Proxy.Set(Fault.None);
        var status = await CreateManager(Patient).SendAsync(Pay("rent"));

        Assert.Equal(0UL, status.Nonce);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Send_StoredAndNeverSent_GoesOutAsTheSameBytes()
    {
        Proxy.Set(Fault.Refuse, Send);
        var first = CreateManager(Patient);
        await first.SubmitAsync(Pay("rent"));
        await Assert.ThrowsAsync<RpcUnreachableException>(() => first.AdvanceAsync());
        var signed = await first.FindAsync("rent");
        Assert.Equal(0, await PaidAsync());

        Proxy.Set(Fault.None);
        var status = await CreateManager(Patient).WaitAsync("rent");

        Assert.Equal(signed!.Hash, status.Hash);
        Assert.Equal(1000, await PaidAsync());
    }

    [Fact]
    public async Task Send_OutageAtRandom_PaysEachOnce()
    {
        const int Count = 30;
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var sequence = new Lock();
        Fault[] faults = [Fault.Refuse, Fault.DropAnswer, Fault.Garbage, Fault.WrongId, Fault.BadGateway];
        Proxy.Set(_ =>
        {
            lock (sequence)
            {
                return random.NextDouble() < 0.3 ? faults[random.Next(faults.Length)] : Fault.None;
            }
        });
        TransactionManager[] managers = [CreateManager(Patient), CreateManager(Patient), CreateManager(Patient)];

        // Each intent is submitted to all managers: they stand for processes that share a key and a store.
        await Task.WhenAll(
            from number in Enumerable.Range(0, Count)
            from manager in managers
            select manager.SendAsync(Pay($"pay/{number}", 1)));

        Assert.True(await PaidAsync() == Count, $"Paid {await PaidAsync()} of {Count} with seed {seed}.");
        Assert.True(await Direct.NonceAsync(Signer.Address) == Count, $"A nonce was wasted with seed {seed}.");
    }

    [Fact]
    public async Task Send_NodeThatCannotEstimate_HoldsUpNoOtherAndIsWaitedOut()
    {
        var manager = CreateManager(Patient);
        Proxy.BrokenMethod = "eth_estimateGas";
        await manager.SubmitAsync(Pay("rent"));

        await manager.SendAsync(Pay("lunch", 1) with { GasLimit = 21_000 });
        var waiting = await manager.FindAsync("rent");
        Assert.Equal(TransactionState.Queued, waiting!.State);
        Assert.Equal("internal error", waiting.Problem);

        Proxy.BrokenMethod = null;
        await manager.WaitAsync("rent");
        Assert.Equal(1001, await PaidAsync());
    }

    [Fact]
    public async Task Send_NodeThatGivesAnotherHash_IsNotBelieved()
    {
        Proxy.Answers[Send] = $"\"0x{new string('1', 64)}\"";
        var manager = CreateManager(Patient);
        await manager.SubmitAsync(Pay("rent"));

        await Assert.ThrowsAsync<RpcMalformedException>(() => manager.AdvanceAsync());
    }

    [Fact]
    public async Task Send_FirstEndpointDiesAfterTakingIt_IsSeenThroughTheSecond()
    {
        await using var second = await FaultProxy.StartAsync(Anvil.Node.Endpoint);
        var manager = CreateManager(
            Patient, changeRpc: options => options with { Endpoints = [Proxy.Endpoint, second.Endpoint] });
        await manager.SubmitAsync(Pay("rent"));
        var isDead = false;
        Proxy.Set(methods =>
        {
            var fault = isDead ? Fault.Refuse : Fault.None;
            if (methods == Send)
            {
                (fault, isDead) = (Fault.DropAnswer, true);
            }

            return fault;
        });

        await manager.WaitAsync("rent");

        Assert.Equal(1, Proxy.Count(Send));
        Assert.True(second.Count("eth_getTransactionReceipt") > 0);
        Assert.Equal(1000, await PaidAsync());
    }
}
