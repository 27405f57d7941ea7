using System.Numerics;
using System.Security.Cryptography;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Tests.Anvil;
using BTTInferGrid.Chain.Tests.Faults;
using BTTInferGrid.Chain.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Transactions;

/// <summary>An account with coins, a store, and a chain that is reached through faults.</summary>
public abstract class TransactionFixture(AnvilFixture anvil) : IAsyncLifetime
{
    protected static readonly BigInteger Funds = BigInteger.Pow(10, 18);

    private readonly TemporaryHome _home = new();
    private readonly List<IDisposable> _parts = [];

    protected AnvilFixture Anvil => anvil;

    protected RpcClient Direct => anvil.Rpc;

    protected ulong ChainId => anvil.Node.ChainId;

    protected FaultProxy Proxy { get; private set; } = null!;

    protected string Database => Path.Combine(_home.Path, "transactions.db");

    protected TransactionSigner Signer { get; } = new(PrivateKey.Create());

    /// <summary>An account of its own for each test.</summary>
    protected Address Payee { get; } = new(RandomNumberGenerator.GetBytes(Address.Bytes));

    public async Task InitializeAsync()
    {
        Proxy = await FaultProxy.StartAsync(anvil.Node.Endpoint);
        await Direct.SetAutomineAsync(true);
        await Direct.FundAsync(Signer.Address, Funds);
    }

    public async Task DisposeAsync()
    {
        _parts.ForEach(static part => part.Dispose());
        await Direct.DropAllAsync();
        await Direct.SetAutomineAsync(true);
        await Proxy.DisposeAsync();
        _home.Dispose();
    }

    protected static TransactionOptions Patient(TransactionOptions options)
    {
        return options with { StuckAfter = TimeSpan.FromMinutes(10) };
    }

    /// <summary>A manager with a client and a store connection of its own, as another process would have.</summary>
    protected TransactionManager CreateManager(
        Func<TransactionOptions, TransactionOptions>? change = null, TimeProvider? time = null,
        Func<RpcOptions, RpcOptions>? changeRpc = null)
    {
        var rpcOptions = anvil.Options(Proxy.Endpoint) with { Attempts = 2 };
        var rpc = new RpcClient(
            changeRpc?.Invoke(rpcOptions) ?? rpcOptions, TimeProvider.System, new Random(1),
            NullLogger<RpcClient>.Instance);
        var options = new TransactionOptions
        {
            Database = Database,
            MaxFeePerGas = 1_000_000_000_000,
            Confirmations = 1,
            PollInterval = TimeSpan.FromMilliseconds(10),
        };
        var manager = new TransactionManager(
            rpc, Signer, change?.Invoke(options) ?? options, time ?? TimeProvider.System,
            NullLogger<TransactionManager>.Instance);
        _parts.Add(manager);
        _parts.Add(rpc);
        return manager;
    }

    protected TransactionIntent Pay(string key, BigInteger? value = null)
    {
        return new TransactionIntent { Key = key, To = Payee, Value = value ?? 1000 };
    }

    /// <summary>Waits until an intent's newest attempt is in a block.</summary>
    protected async Task WaitMinedAsync(TransactionManager manager, string key)
    {
        await Direct.WaitMinedAsync((await manager.FindAsync(key))!.Hash!.Value);
    }

    protected Task<BigInteger> PaidAsync()
    {
        return Direct.BalanceAsync(Payee);
    }
}
