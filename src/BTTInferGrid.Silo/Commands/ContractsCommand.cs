using System.CommandLine;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Terminal;
using BTTInferGrid.Silo.Wallets;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid contracts</c>: the grid's contracts on a chain.</summary>
internal static class ContractsCommand
{
    public static Command Create() => new("contracts", "The grid's contracts on a chain.")
    {
        CreateDeploy(), CreateParameters(), CreateAdd(), CreateShow(),
    };

    private static Command CreateDeploy()
    {
        var token = new Option<string?>("--token")
        {
            Description = "Address of the grid's token. Without one play money is deployed, which local chains allow only.",
        };
        var again = new Option<bool>("--again") { Description = "Deploys although the home folder knows contracts on this chain." };
        var parameters = new Option<string?>("--parameters")
        {
            Description = "File with what the contracts are deployed with, where that is not as 'contracts parameters' shows it.",
        };
        var wallet = WalletOption.Create();
        var command = new Command("deploy", "Deploys all contracts from a wallet and writes down where they are.")
        {
            token, parameters, again, wallet,
        };
        var confirm = new ConfirmOption(command);
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

            var preset = chain.Preset(parsed).Parameters;
            var chosen = parsed.GetValue(parameters) is { } file ? ParametersFile.Read(file, preset) : preset;
            chosen = parsed.GetValue(token) is { } text ? chosen with { Token = ChainArguments.Address(text) } : chosen;
            if (chosen.Token is null && !chain.Preset(parsed).IsLocal)
            {
                throw new CommandException(
                    ExitCode.WrongUsage, "no_token", $"Name the grid's token on {chain.Preset(parsed).Name} with --token.");
            }

            using var account = ChainAccount.Open(parsed, output, chain, wallet, password);
            confirm.Ask(
                parsed, output,
                $"Deploy the contracts on {chain.Preset(parsed).Name} from {account.Address}, with"
                + $" {(chosen.Token is { } money ? $"the token {money}" : "play money")}?");
            var addresses = await new ContractDeployer(account.Rpc, account.Transactions, account.Address).DeployAsync(
                chosen, cancellationToken);
            DeploymentFile.Write(folder, addresses);
            output.Write(DocumentOf(addresses, folder), ResultJson.Default.ContractsDocument, TextOf);
        }));
        return command;
    }

    private static Command CreateParameters()
    {
        var command = new Command("parameters", "Prints what contracts are deployed with on a chain, to be changed and given to 'deploy'.");
        var chain = new ChainOptions(command);
        command.SetAction(parsed => GridCommand.RunAsync(parsed, output =>
        {
            output.Piece(ParametersFile.Write(chain.Preset(parsed).Parameters) + "\n");
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateAdd()
    {
        var file = new Argument<string>("FILE") { Description = "The file that whoever deployed the contracts got: contracts-<chain>.json." };
        var command = new Command("add", "Takes a grid's contracts over that others deployed, if they are there and fit together.") { file };
        var chain = new ChainOptions(command);
        command.SetAction((parsed, cancellationToken) => GridCommand.RunAsync(parsed, async output =>
        {
            var addresses = DeploymentFile.ReadFile(parsed.GetRequiredValue(file), chain.ChainId(parsed));
            using var rpc = chain.Connect(parsed);
            await ContractDeployer.CheckAsync(rpc, addresses, cancellationToken);
            var folder = chain.Deployments(parsed);
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
            output.Write(DocumentOf(chain.Contracts(parsed), folder), ResultJson.Default.ContractsDocument, TextOf);
            return Task.CompletedTask;
        }));
        return command;
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
