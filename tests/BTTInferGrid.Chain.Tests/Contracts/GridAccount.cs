using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Contracts;

/// <summary>Somebody with a key, coins and transactions of their own.</summary>
internal sealed class GridAccount : IDisposable
{
    private readonly RpcClient _rpc;
    private int _sent;

    private GridAccount(RpcClient rpc, PrivateKey key, string folder)
    {
        _rpc = rpc;
        Key = key;
        Transactions = new TransactionManager(
            rpc,
            new TransactionSigner(key),
            new TransactionOptions
            {
                Database = Path.Combine(folder, $"{key.Address}.db"),
                MaxFeePerGas = 1_000_000_000_000,
                Confirmations = 1,
                PollInterval = TimeSpan.FromMilliseconds(10),
            },
            TimeProvider.System,
            NullLogger<TransactionManager>.Instance);
    }

    public PrivateKey Key { get; }

    public Address Address => Key.Address;

    public TransactionManager Transactions { get; }

    public static async Task<GridAccount> CreateAsync(RpcClient rpc, string folder)
    {
        var account = new GridAccount(rpc, PrivateKey.Create(), folder);
        await rpc.FundAsync(account.Address, System.Numerics.BigInteger.Pow(10, 20));
        return account;
    }

    /// <summary>Calls a contract and waits until that is done.</summary>
    public Task SendAsync(Address contract, ContractCall call) =>
        Transactions.SendAsync($"call/{_sent++}", contract, call);

    /// <summary>A signature over a hash that a contract gives.</summary>
    public async Task<byte[]> SignAsync(Address contract, ContractCall<Hash32> digest) =>
        Key.Sign(await _rpc.ReadAsync(contract, digest)).ToBytes();

    public void Dispose()
    {
        Transactions.Dispose();
        Key.Dispose();
    }
}
