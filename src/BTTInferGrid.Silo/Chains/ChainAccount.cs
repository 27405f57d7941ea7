using System.CommandLine;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Silo.Chains;

/// <summary>A wallet on a chain, unlocked for one command.</summary>
internal sealed class ChainAccount : IDisposable
{
    private readonly PrivateKey _key;

    private ChainAccount(PrivateKey key, RpcClient rpc, TransactionOptions options)
    {
        _key = key;
        Rpc = rpc;
        Transactions = new TransactionManager(
            rpc, new TransactionSigner(key), options, TimeProvider.System, NullLogger<TransactionManager>.Instance);
    }

    public Address Address => _key.Address;

    public RpcClient Rpc { get; }

    public TransactionManager Transactions { get; }

    /// <summary>Asks for the wallet's password and opens it.</summary>
    public static ChainAccount Open(
        ParseResult parsed, Output output, ChainOptions chain, Option<string?> wallet, PasswordOption password)
    {
        var found = new WalletStore(chain.Home(parsed)).Find(parsed.GetValue(wallet));
        var options = chain.Transactions(parsed);
        var rpc = chain.Connect(parsed);
        using var secret = password.Read(parsed, output, isNew: false);
        try
        {
            return new ChainAccount(KeystoreFile.Read(found.File, secret.Text), rpc, options);
        }
        catch (KeystoreException)
        {
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
