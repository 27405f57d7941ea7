using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>A chain with the contracts, deployed by the command line, and a wallet with play money.</summary>
public sealed class ChainFixture : IAsyncLifetime
{
    internal ChainHome Home { get; private set; } = null!;

    internal RpcClient Rpc { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Home = await ChainHome.CreateAsync();
        Rpc = new RpcClient(
            new RpcOptions { Endpoints = [Home.Chain.Endpoint], ChainId = Home.Chain.ChainId }, TimeProvider.System, new Random(1),
            NullLogger<RpcClient>.Instance);
        await Home.DoAsync("contracts", "deploy");
        await Home.DoAsync("token", "faucet", "300000");
    }

    public async Task DisposeAsync()
    {
        Rpc.Dispose();
        await Home.DisposeAsync();
    }
}
