using System.CommandLine;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Chains;

/// <summary>A wallet on a chain, unlocked for one command.</summary>
internal sealed class ChainAccount : IDisposable
{
    private readonly PrivateKey _key;

    private ChainAccount(PrivateKey key, RpcClient rpc, TransactionManager transactions)
    {
        _key = key;
        Rpc = rpc;
        Transactions = transactions;
    }

    public Address Address => _key.Address;

    public RpcClient Rpc { get; }

    public TransactionManager Transactions { get; }

    /// <summary>Asks for the wallet's password and opens it.</summary>
    public static ChainAccount Open(
        ParseResult parsed, Output output, ChainOptions chain, Option<string?> wallet, PasswordOption password)
    {
        var options = chain.Transactions(parsed);
        var rpc = chain.Connect(parsed);
        PrivateKey? key = null;
        try
        {
            key = new WalletStore(chain.Home(parsed)).Open(
                parsed.GetValue(wallet), () => password.Read(parsed, output, isNew: false));
            return new ChainAccount(key, rpc, new TransactionManager(
                rpc, new TransactionSigner(key), options, TimeProvider.System, new NoteLogger<TransactionManager>(output)));
        }
        catch
        {
            key?.Dispose();
            rpc.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Transactions.Dispose();
        Rpc.Dispose();
        _key.Dispose();
    }
}
