using System.Net;
using System.Net.Sockets;
using System.Text;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Rpc;

/// <summary>A client, a real node, and what can go wrong between them.</summary>
public sealed class RpcFaultTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>, IAsyncLifetime
{
    private static readonly RpcCall Head = RpcCall.Repeatable("eth_blockNumber");

    private FaultProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _proxy = await FaultProxy.StartAsync(anvil.Node.Endpoint);
    }

    public Task DisposeAsync()
    {
        return _proxy.DisposeAsync().AsTask();
    }

    [Theory]
    [InlineData(Fault.Refuse)]
    [InlineData(Fault.DropAnswer)]
    [InlineData(Fault.Garbage)]
    [InlineData(Fault.WrongId)]
    [InlineData(Fault.TooMany)]
    [InlineData(Fault.BadGateway)]
    public async Task Call_FaultThatPasses_IsMadeAgain(Fault fault)
    {
        using var client = anvil.CreateClient(_proxy.Endpoint);
        _proxy.Set(fault, times: 2);

        await client.CallAsync(Head);

        Assert.Null(client.Endpoints[0].SetAside);
    }

    [Theory]
    [InlineData(Fault.Refuse)]
    [InlineData(Fault.DropAnswer)]
    [InlineData(Fault.Garbage)]
    public async Task Call_NotRepeatable_IsSentOnce(Fault fault)
    {
        using var client = anvil.CreateClient(_proxy.Endpoint);
        _proxy.Set(fault, "evm_mine");

        await Assert.ThrowsAnyAsync<RpcException>(() => client.CallAsync(new RpcCall("evm_mine")));

        Assert.Equal(1, _proxy.Count("evm_mine"));
    }

    [Fact]
    public async Task Call_FaultThatStays_IsTriedAsOftenAsTheOptionsSay()
    {
        using var client = anvil.CreateClient(_proxy.Endpoint);
        await client.CallAsync(Head);
        _proxy.Set(Fault.Refuse, "eth_gasPrice");

        await Assert.ThrowsAsync<RpcUnreachableException>(() => client.CallAsync(RpcCall.Repeatable("eth_gasPrice")));

        Assert.Equal(6, _proxy.Count("eth_gasPrice"));
    }

    [Fact]
    public async Task Call_NodeThatStalls_TimesOut()
    {
        using var client = Client(
            options => options with { CallTimeout = TimeSpan.FromSeconds(1), Attempts = 1 });
        _proxy.Set(Fault.Stall, "eth_gasPrice");

        var error = await Assert.ThrowsAsync<RpcUnreachableException>(
            () => client.CallAsync(RpcCall.Repeatable("eth_gasPrice")));

        Assert.True(error.IsTimeout);
    }

    [Fact]
    public async Task Call_AnswerWithoutEnd_IsCutOff()
    {
        using var client = Client(options => options with { MaxResponseBytes = 100_000 });
        _proxy.Set(Fault.Endless, "eth_gasPrice");

        var error = await Assert.ThrowsAsync<RpcTooLargeException>(
            () => client.CallAsync(RpcCall.Repeatable("eth_gasPrice")));

        Assert.Equal(100_000, error.MaxBytes);
    }

    [Fact]
    public async Task Call_CallerGivesUp_EndsAtOnce()
    {
        using var client = anvil.CreateClient(_proxy.Endpoint);
        _proxy.Set(Fault.Stall);
        using var limit = new CancellationTokenSource();

        var call = client.CallAsync(Head, limit.Token);
        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_MethodThatIsMissing_GivesTheNodesError()
    {
        var error = await Assert.ThrowsAsync<RpcErrorException>(
            () => anvil.Rpc.CallAsync(RpcCall.Repeatable("eth_nonsense")));

        Assert.Equal("eth_nonsense", error.Method);
        Assert.True(error.IsMethodMissing);
    }

    [Fact]
    public async Task Call_Batch_GivesEachCallItsOwnReply()
    {
        var replies = await anvil.Rpc.CallAsync(
            [RpcCall.Repeatable("eth_chainId"), RpcCall.Repeatable("eth_nonsense"), Head]);

        Assert.Equal(anvil.Node.ChainId, Quantity.ReadUInt64(replies[0].Result, "chain"));
        Assert.NotNull(replies[1].Error);
        Assert.Null(replies[2].Error);
    }

    [Fact]
    public async Task Connect_WrongChain_SaysWhich()
    {
        _proxy.Answers["eth_chainId"] = "\"0xc7\"";
        using var client = anvil.CreateClient(_proxy.Endpoint);

        var error = await Assert.ThrowsAsync<WrongChainException>(() => client.CallAsync(Head));

        Assert.Equal(199UL, error.Actual);
        Assert.Equal(anvil.Node.ChainId, error.Expected);
    }

    [Fact]
    public async Task Connect_NodeReplacedByOneOfAnotherChain_IsNoticedAfterTheOutage()
    {
        using var client = anvil.CreateClient(_proxy.Endpoint);
        await client.CallAsync(Head);

        _proxy.Answers["eth_chainId"] = "\"0xc7\"";
        _proxy.Set(Fault.Refuse, times: 1);

        await Assert.ThrowsAsync<WrongChainException>(() => client.CallAsync(Head));
    }

    [Fact]
    public async Task Connect_ClosedPort_SaysWhatToCheck()
    {
        using var client = Client(options => options with { Endpoints = [ClosedPort()], Attempts = 2 });

        var error = await Assert.ThrowsAsync<RpcUnreachableException>(() => client.CallAsync(Head));

        Assert.Contains("Check that the node runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_FirstEndpointDies_TheNextIsUsedUntilItIsBack()
    {
        await using var second = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        using var client = anvil.CreateClient(_proxy.Endpoint, second.Endpoint);
        await client.CallAsync(Head);
        _proxy.Set(Fault.Refuse);

        await client.CallAsync(RpcCall.Repeatable("eth_gasPrice"));

        Assert.Equal(1, second.Count("eth_gasPrice"));
        Assert.NotNull(client.Endpoints[0].SetAside);
        Assert.Null(client.Endpoints[1].SetAside);
    }

    [Fact]
    public async Task Failover_EndpointThatLags_IsSetAsideWithTheReason()
    {
        await anvil.Rpc.CallAsync(new RpcCall("anvil_mine", "0x14"));
        _proxy.Answers["eth_blockNumber"] = "\"0x1\"";
        await using var second = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        using var client = anvil.CreateClient(_proxy.Endpoint, second.Endpoint);

        await client.CallAsync(RpcCall.Repeatable("eth_gasPrice"));

        Assert.Equal(1, second.Count("eth_gasPrice"));
        Assert.Contains("blocks behind the others", client.Endpoints[0].SetAside, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_OneEndpointOfAnotherChain_IsNeverUsed()
    {
        _proxy.Answers["eth_chainId"] = "\"0xc7\"";
        await using var second = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        using var client = anvil.CreateClient(_proxy.Endpoint, second.Endpoint);

        await client.CallAsync(RpcCall.Repeatable("eth_gasPrice"));

        Assert.Equal(0, _proxy.Count("eth_gasPrice"));
        Assert.Contains("chain 199", client.Endpoints[0].SetAside, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_WithKeys_IsUsedWholeAndNeverShown()
    {
        var address = new UriBuilder(_proxy.Endpoint)
        {
            UserName = "user",
            Password = "hunter2",
            Path = "/v3/path-key",
            Query = "token=query-key",
        }.Uri;
        using var client = Client(options => options with { Endpoints = [address], Attempts = 1 });
        await client.CallAsync(Head);
        _proxy.Set(Fault.Refuse);

        var error = await Assert.ThrowsAsync<RpcUnreachableException>(() => client.CallAsync(Head));

        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("user:hunter2"));
        Assert.Contains($"/v3/path-key?token=query-key Basic {basic}", _proxy.Addresses);
        var shown = $"{error} {client.Endpoints[0]}";
        Assert.All(
            ["hunter2", "path-key", "query-key", basic],
            key => Assert.DoesNotContain(key, shown, StringComparison.Ordinal));
    }

    private static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    private RpcClient Client(Func<RpcOptions, RpcOptions> change)
    {
        return new RpcClient(
            change(anvil.Options(_proxy.Endpoint)), TimeProvider.System, new Random(1), NullLogger<RpcClient>.Instance);
    }
}
