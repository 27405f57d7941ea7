using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Tests.Transactions;

namespace BTTInferGrid.Chain.Tests;

/// <summary>
/// What tests run in processes of their own. <c>chain FOLDER</c> owns a local chain until it is killed;
/// <c>send</c>, with its key on standard input, sends intents.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["chain", var folder]:
                await using (var node = await AnvilNode.StartAsync(
                    new AnvilOptions { Folder = folder }, TimeProvider.System))
                {
                    Console.WriteLine($"listens {node.Endpoint} {node.ProcessId}");
                    await Task.Delay(Timeout.Infinite);
                }

                return 0;
            case ["send", var endpoint, var chainId, var database, var keys]:
                await SenderProgram.RunAsync(new Uri(endpoint), ulong.Parse(chainId), database, keys.Split(','));
                return 0;
            default:
                return 2;
        }
    }
}
