using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Anvil;

public sealed class AnvilOwnerTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    [Fact]
    public async Task Owner_Killed_TheChainWritesItsStateAndEnds()
    {
        var folder = Path.Combine(_home.Path, "chain");
        await using var owner = new ChildProcess(typeof(AnvilOwnerTests).Assembly.Location, ["chain", folder]);
        await owner.WaitForOutputAsync("listens");
        var said = owner.Output.Trim().Split(' ');
        using (var rpc = Client(new Uri(said[1])))
        {
            await rpc.MineAsync(9);
        }

        using var shell = System.Diagnostics.Process.GetProcessById(int.Parse(said[2]));
        owner.Send(ProcessSignal.Kill);
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        await using var again = await AnvilNode.StartAsync(new AnvilOptions { Folder = folder }, TimeProvider.System);
        using var client = Client(again.Endpoint);
        Assert.Equal(9UL, await client.AskAsync(ChainQueries.BlockNumber()));
    }

    public void Dispose()
    {
        _home.Dispose();
    }

    private static RpcClient Client(Uri endpoint)
    {
        var options = new RpcOptions { Endpoints = [endpoint], ChainId = 31337 };
        return new RpcClient(options, TimeProvider.System, new Random(1), NullLogger<RpcClient>.Instance);
    }
}
