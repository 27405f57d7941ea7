using System.CommandLine;
using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Chains;

/// <summary>What all commands have in common that send transactions from a wallet.</summary>
internal sealed class ActionOptions
{
    private readonly Option<bool> _estimate = new("--estimate")
    {
        Description = "Says what would be sent, whether the contracts would refuse it, and what it would cost. Sends nothing.",
    };

    private readonly Option<string?> _wallet = WalletOption.Create();
    private readonly ConfirmOption _confirm;
    private readonly ChainOptions _chain;
    private readonly PasswordOption _password;

    private ActionOptions(Command command)
    {
        command.Add(_estimate);
        _confirm = new ConfirmOption(command);
        command.Add(_wallet);
        _chain = new ChainOptions(command);
        _password = new PasswordOption(command);
    }

    /// <summary>Makes a command carry out an action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="actionOf">The action that a command line asks for, from the chain's options and the line.</param>
    public static void Set(Command command, Func<ChainOptions, ParseResult, ChainAction> actionOf)
    {
        var options = new ActionOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, output =>
        {
            var action = actionOf(options._chain, parsed);
            return parsed.GetValue(options._estimate)
                ? options.EstimateAsync(parsed, output, action, cancellationToken)
                : options.SendAsync(parsed, output, action, cancellationToken);
        }));
    }

    private async Task EstimateAsync(ParseResult parsed, Output output, ChainAction action, CancellationToken cancellationToken)
    {
        var wallet = new WalletStore(_chain.Home(parsed)).Find(parsed.GetValue(_wallet));
        using var rpc = _chain.Connect(parsed);
        var chain = new ChainReader(rpc, _chain.Contracts(parsed), Address.Parse(wallet.Address));
        var steps = await action.Plan(chain, cancellationToken);
        output.Write(
            await ActionEstimate.OfAsync(steps, chain, cancellationToken), ResultJson.Default.EstimateDocument, ActionText.Of);
    }

    private async Task SendAsync(ParseResult parsed, Output output, ChainAction action, CancellationToken cancellationToken)
    {
        var contracts = _chain.Contracts(parsed);
        using var account = ChainAccount.Open(parsed, output, _chain, _wallet, _password);
        var chain = new ChainReader(account.Rpc, contracts, account.Address);
        var sender = new ActionSender(account.Transactions, chain);
        if (await sender.IsUnderWayAsync(action, cancellationToken))
        {
            output.Note("This was asked for before and its end was not told: it is not sent again.");
            await TellAsync(await sender.ResumeAsync(action, cancellationToken));
            return;
        }

        var steps = await action.Plan(chain, cancellationToken);
        var estimate = await ActionEstimate.OfAsync(steps, chain, cancellationToken);
        _confirm.Ask(
            parsed, output, $"{action.Question} from {account.Address} on {_chain.Preset(parsed).Name}, for {FeeOf(estimate)} of gas?");
        await action.Prepare(chain, cancellationToken);
        await TellAsync(await sender.SendAsync(action, steps, cancellationToken));

        async Task TellAsync(ActionDocument done)
        {
            output.Write(done, ResultJson.Default.ActionDocument, ActionText.Of);
            await sender.AcknowledgeAsync();
        }
    }

    private static string FeeOf(EstimateDocument estimate)
    {
        var known = BigInteger.Zero;
        foreach (var step in estimate.Steps)
        {
            known += step.Fee is { } fee ? BigInteger.Parse(fee) : 0;
        }

        return $"{(estimate.Steps.Any(static step => step.Fee is null) ? "more than" : "about")} {Wei.FormatBtt(known)} BTT";
    }
}
