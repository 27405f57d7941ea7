using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Anvil;

/// <summary>A local chain for the tests of a class.</summary>
public sealed class AnvilFixture : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    public AnvilNode Node { get; private set; } = null!;

    /// <summary>Speaks to the chain without faults.</summary>
    public RpcClient Rpc { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Node = await AnvilNode.StartAsync(
            new AnvilOptions { Folder = Path.Combine(_home.Path, "chain") }, TimeProvider.System);
        Rpc = CreateClient(Node.Endpoint);
    }

    /// <summary>A client with short pauses.</summary>
    public RpcClient CreateClient(params Uri[] endpoints)
    {
        return new RpcClient(Options(endpoints), TimeProvider.System, new Random(1), NullLogger<RpcClient>.Instance);
    }

    public RpcOptions Options(params Uri[] endpoints)
    {
        return new RpcOptions
        {
            Endpoints = endpoints,
            ChainId = Node.ChainId,
            CallTimeout = TimeSpan.FromSeconds(5),
            MinPause = TimeSpan.FromMilliseconds(5),
            MaxPause = TimeSpan.FromMilliseconds(20),
        };
    }

    public async Task DisposeAsync()
    {
        Rpc.Dispose();
        await Node.DisposeAsync();
        _home.Dispose();
    }
}
