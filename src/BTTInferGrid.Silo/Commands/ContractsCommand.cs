using System.CommandLine;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;
using Spectre.Console;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid contracts</c>: the grid's contracts on a chain.</summary>
internal static class ContractsCommand
{
    public static Command Create() => new("contracts", "The grid's contracts on a chain.") { CreateDeploy(), CreateShow() };

    private static Command CreateDeploy()
    {
        var token = new Option<string?>("--token")
        {
            Description = "Address of the grid's token. Without one play money is deployed, which local chains allow only.",
        };
        var again = new Option<bool>("--again") { Description = "Deploys although the home folder knows contracts on this chain." };
        var yes = new Option<bool>("--yes") { Description = "Asks nothing." };
        var wallet = new Option<string?>("--wallet") { Description = "Address or file of the wallet that pays; the only one by default." };
        var command = new Command("deploy", "Deploys all contracts from a wallet and writes down where they are.")
        {
            token, again, yes, wallet,
        };
        var chain = new ChainOptions(command);
        var password = new PasswordOption(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            var chainId = chain.ChainId(parsed);
            var folder = chain.Deployments(parsed);
            if (DeploymentFile.Read(folder, chainId) is not null && !parsed.GetValue(again))
            {
                throw new CommandException(
                    ExitCode.Failure, "already_deployed",
                    $"{DeploymentFile.PathOf(folder, chainId)} has contracts of chain {chainId} already."
                    + " Say --again to deploy others in their place.");
            }

            using var account = ChainAccount.Open(parsed, output, chain, wallet, password);
            Confirm(output, parsed.GetValue(yes), $"Deploy the contracts on chain {chainId} from {account.Address}?");
            var addresses = await new ContractDeployer(account.Rpc, account.Transactions, account.Address).DeployAsync(
                new DeploymentParameters { Token = parsed.GetValue(token) is { } text ? Address.Parse(text) : null },
                cancellationToken);
            DeploymentFile.Write(folder, addresses);
            output.Write(DocumentOf(addresses, folder), ResultJson.Default.ContractsDocument, TextOf);
        }));
        return command;
    }

    private static Command CreateShow()
    {
        var command = new Command("show", "Says where the contracts are that were deployed.");
        var chain = new ChainOptions(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            var folder = chain.Deployments(parsed);
            var addresses = DeploymentFile.Read(folder, chain.ChainId(parsed)) ?? throw new CommandException(
                ExitCode.Failure, "not_deployed",
                $"{folder} knows no contracts on chain {chain.ChainId(parsed)}. Deploy them with 'bttgrid contracts deploy'.");
            output.Write(DocumentOf(addresses, folder), ResultJson.Default.ContractsDocument, TextOf);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static void Confirm(Output output, bool isConfirmed, string question)
    {
        if (isConfirmed)
        {
            return;
        }

        if (!output.IsTerminal || Console.IsInputRedirected)
        {
            throw new CommandException(ExitCode.WrongUsage, "not_confirmed", "Nobody can be asked here. Say --yes to go on.");
        }

        if (!output.Console.Prompt(new ConfirmationPrompt(question) { DefaultValue = false }))
        {
            throw new CommandException(ExitCode.Failure, "not_confirmed", "Nothing was sent.");
        }
    }

    private static ContractsDocument DocumentOf(ContractAddresses addresses, string folder) => new(
        addresses.ChainId, addresses.Token.ToString(), addresses.NodeRegistry.ToString(), addresses.DisputeCourt.ToString(),
        addresses.EpochRewards.ToString(), addresses.PaymentEscrow.ToString(),
        DeploymentFile.PathOf(folder, addresses.ChainId));

    private static string TextOf(ContractsDocument contracts) => $"""
        Contracts on chain {contracts.ChainId}, as {contracts.File} says:
          Token          {contracts.Token}
          NodeRegistry   {contracts.NodeRegistry}
          DisputeCourt   {contracts.DisputeCourt}
          EpochRewards   {contracts.EpochRewards}
          PaymentEscrow  {contracts.PaymentEscrow}
        """;
}
