using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>Sends one wei to <see cref="Payee"/> for each intent, in a process of its own.</summary>
internal static class SenderProgram
{
    public static Address Payee { get; } = Address.Parse("0x00000000000000000000000000000000000000aa");

    public static async Task RunAsync(Uri endpoint, ulong chainId, string database, IReadOnlyList<string> keys)
    {
        using var key = new PrivateKey(Convert.FromHexString(Console.In.ReadToEnd()));
        var signer = new TransactionSigner(key);
        var rpcOptions = new RpcOptions { Endpoints = [endpoint], ChainId = chainId };
        using var rpc = new RpcClient(rpcOptions, TimeProvider.System, new Random(1), NullLogger<RpcClient>.Instance);
        var options = new TransactionOptions
        {
            Database = database,
            MaxFeePerGas = 1_000_000_000_000,
            Confirmations = 1,
            PollInterval = TimeSpan.FromMilliseconds(20),
        };
        using var manager = new TransactionManager(
            rpc, signer, options, TimeProvider.System, NullLogger<TransactionManager>.Instance);
        var sent = await Task.WhenAll(
            keys.Select(key => manager.SendAsync(new TransactionIntent { Key = key, To = Payee, Value = 1 })));
        foreach (var status in sent)
        {
            Console.WriteLine($"{status.Key} {status.State} {status.Nonce}");
        }
    }
}
