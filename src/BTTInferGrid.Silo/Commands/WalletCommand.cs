using System.CommandLine;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid wallet</c>: keys of accounts on a chain, kept under a password.</summary>
internal static class WalletCommand
{
    public static Command Create() => new("wallet", "Wallets: keys of accounts on a chain, kept under a password.")
    {
        CreateNew(), CreateImport(), CreateExport(), CreateList(), CreateShow(),
    };

    private static Command CreateNew()
    {
        var command = new Command("new", "Makes a wallet with a new key.");
        var home = Home(command);
        var password = new PasswordOption(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            using var key = PrivateKey.Create();
            Keep(parsed, output, home, password, key);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateImport()
    {
        var file = new Argument<string>("FILE") { Description = "File with the private key: 64 hex digits, with or without 0x." };
        var command = new Command("import", "Makes a wallet of a key that is there already.") { file };
        var home = Home(command);
        var password = new PasswordOption(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            using var key = SecretFile.Read(parsed.GetRequiredValue(file));
            Keep(parsed, output, home, password, key);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateExport()
    {
        var file = new Argument<string>("FILE") { Description = "New file for the private key, which only its owner can read." };
        var command = new Command("export", "Writes a wallet's private key into a file, without a password.") { file };
        var home = Home(command);
        var wallet = WalletOption.Create();
        command.Add(wallet);
        var password = new PasswordOption(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            var found = Store(parsed, home).Find(parsed.GetValue(wallet));
            using var secret = password.Read(parsed, output, isNew: false);
            using var key = KeystoreFile.Read(found.File, secret.Text);
            SecretFile.Write(parsed.GetRequiredValue(file), key);
            output.Note("Whoever reads this file has the wallet's money. Remove it as soon as it has served.");
            output.Write(
                found with { File = Path.GetFullPath(parsed.GetRequiredValue(file)) }, ResultJson.Default.WalletDocument,
                static one => $"The key of {one.Address} is in {one.File}.");
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "Lists the wallets.");
        var home = Home(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            output.Write(new WalletsDocument(Store(parsed, home).List()), ResultJson.Default.WalletsDocument, wallets =>
            {
                var table = output.Table("ADDRESS", "FILE");
                foreach (var wallet in wallets.Data)
                {
                    Tables.Row(table, wallet.Address, wallet.File);
                }

                return table;
            });
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateShow()
    {
        var wallet = WalletOption.Create();
        var command = new Command("show", "Shows a wallet, and what it has on the chain if a node is named or known.") { wallet };
        var chain = new ChainOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            var found = new WalletStore(chain.Home(parsed)).Find(parsed.GetValue(wallet));
            var account = new AccountDocument(found.Address, found.File);
            if (chain.HasNode(parsed))
            {
                using var rpc = chain.Connect(parsed);
                account = await account.OnAsync(rpc, chain.FindContracts(parsed), cancellationToken);
            }

            output.Write(account, ResultJson.Default.AccountDocument, AccountText.Of);
        }));
        return command;
    }

    private static void Keep(
        ParseResult parsed, Output output, Option<string?> home, PasswordOption password, PrivateKey key)
    {
        using var secret = password.Read(parsed, output, isNew: true);
        output.Write(
            Store(parsed, home).Add(key, secret.Text), ResultJson.Default.WalletDocument,
            static wallet => $"The wallet of {wallet.Address} is in {wallet.File}. Keep a copy of it, and its password elsewhere.");
    }

    private static Option<string?> Home(Command command)
    {
        var home = HomeOption.Create();
        command.Add(home);
        return home;
    }

    private static WalletStore Store(ParseResult parsed, Option<string?> home) =>
        new(HomeFolder.Find(parsed.GetValue(home), Environment.GetEnvironmentVariable));
}
