using System.CommandLine;
using System.Numerics;
using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid token</c>: the grid's token.</summary>
internal static class TokenCommand
{
    private const string Given = "1000";

    // What the fees of a great many transactions cost on a local chain.
    private static readonly BigInteger Coins = BigInteger.Pow(10, 18);

    public static Command Create() => new("token", "The grid's token.") { CreateBalance(), CreateTransfer(), CreateFaucet() };

    private static Command CreateBalance()
    {
        var account = new Argument<string?>("ADDRESS")
        {
            Description = "Whose; that of a wallet by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var wallet = WalletOption.Create();
        var command = new Command("balance", "Says how many tokens an account has, and coins to pay for gas.") { account, wallet };
        var chain = new ChainOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            var address = parsed.GetValue(account) is { } text
                ? ChainArguments.Address(text)
                : Address.Parse(new WalletStore(chain.Home(parsed)).Find(parsed.GetValue(wallet)).Address);
            using var rpc = chain.Connect(parsed);
            var reader = new ChainReader(rpc, chain.Contracts(parsed), address);
            var balance = new BalanceDocument(
                rpc.ChainId, $"{address}", $"{await reader.TokensAsync(cancellationToken)}",
                $"{await reader.CoinsAsync(cancellationToken)}");
            output.Write(balance, ResultJson.Default.BalanceDocument, static balance =>
                $"{balance.Account} has {ChainText.Btt(balance.Tokens)} BTT in tokens, and {ChainText.Btt(balance.Coins)} BTT in coins for gas.");
        }));
        return command;
    }

    private static Command CreateTransfer()
    {
        var receiver = new Argument<string>("ADDRESS") { Description = "Who gets them." };
        var amount = new Argument<string>("AMOUNT") { Description = "How many, in BTT." };
        var command = new Command("transfer", "Gives tokens of a wallet to somebody.") { receiver, amount };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var to = ChainArguments.Address(parsed.GetRequiredValue(receiver));
            var wei = ChainArguments.Amount(parsed.GetRequiredValue(amount));
            return ChainAction.Of(
                $"transfer/{to}/{wei}", $"Transfer {Wei.FormatBtt(wei)} BTT to {to}",
                chain => new ChainStep("transfer", chain.Contracts.Token, BttToken.Transfer(to, wei)));
        });
        return command;
    }

    private static Command CreateFaucet()
    {
        var amount = new Argument<string>("AMOUNT")
        {
            Description = $"How many, in BTT. Default {Given}.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => Given,
        };
        var command = new Command("faucet", "Makes play money for a wallet, on a local chain only, and coins for gas if it has none.")
        {
            amount,
        };
        ActionOptions.Set(command, (options, parsed) =>
        {
            if (!options.Preset(parsed).IsLocal)
            {
                throw new CommandException(
                    ExitCode.WrongUsage, "not_local", $"Only a local chain has a faucet, and {options.Preset(parsed).Name} is none.");
            }

            var wei = ChainArguments.Amount(parsed.GetValue(amount)!);
            return ChainAction.Of(
                $"faucet/{wei}", $"Make {Wei.FormatBtt(wei)} BTT of play money",
                chain => new ChainStep("faucet", chain.Contracts.Token, BttToken.Faucet(chain.Account, wei))) with
            {
                Prepare = FundAsync,
            };
        });
        return command;
    }

    /// <summary>A wallet that is new on a local chain cannot pay for its first transaction: the node gives it coins.</summary>
    private static async Task FundAsync(ChainReader chain, CancellationToken cancellationToken)
    {
        if (await chain.CoinsAsync(cancellationToken) >= Coins)
        {
            return;
        }

        try
        {
            await chain.Rpc.CallAsync(AnvilCalls.SetBalance(chain.Account, Coins * 10), cancellationToken);
        }
        catch (RpcErrorException error)
        {
            throw new CommandException(
                ExitCode.Failure, "no_coins",
                $"{chain.Account} has no coins for gas, and the node gives none, as Anvil would: {error.NodeMessage} Send it some.", error);
        }
    }
}
