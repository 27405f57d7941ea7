using System.CommandLine;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Storage;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Terminal;

namespace BTTInferGrid.Silo.Commands;

/// <summary>The command line: without arguments it starts a whole grid on this machine.</summary>
internal static class GridCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Starts a BTTInferGrid grid on this machine, or one part of a grid, and talks to a running one.");
        root.Add(FormatOption.Instance);
        UpCommand.Configure(root);
        root.Add(UpCommand.Create());
        root.Add(SiloCommand.CreateSilo());
        root.Add(SiloCommand.CreateFront());
        root.Add(MinerCommand.Create());
        root.Add(ModelsCommand.Create());
        root.Add(PsCommand.Create());
        root.Add(KeysCommand.Create());
        root.Add(ChatCommand.Create());
        root.Add(BenchCommand.Create());
        root.Add(WalletCommand.Create());
        root.Add(ContractsCommand.Create());
        root.Add(TokenCommand.Create());
        root.Add(StakeCommand.CreateStake());
        root.Add(StakeCommand.CreateUnstake());
        root.Add(DepositCommand.CreateDeposit());
        root.Add(DepositCommand.CreateThaw());
        root.Add(DepositCommand.CreateWithdraw());
        root.Add(ClaimCommand.Create());

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var output = Output.Of(FormatOption.Of(parsed));
            foreach (var error in parsed.Errors)
            {
                output.Error("wrong_usage", $"{error.Message} See 'bttgrid --help'.");
            }

            return ExitCode.WrongUsage;
        }

        // The host answers Ctrl-C itself, and takes the time that it needs to stop.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Runs a command; what is wrong is said in one line.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<Output, Task> command)
    {
        var output = Output.Of(FormatOption.Of(parsed));
        try
        {
            await command(output);
            return Environment.ExitCode;
        }
        catch (CommandException error)
        {
            output.Error(error.Code, error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException)
        {
            output.Error("interrupted", "Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (CodeOf(error) is { } code)
        {
            output.Error(code, InOptions(error.Message));
            return ExitCode.Failure;
        }
    }

    // The library names its own options; here they have other names.
    private static string InOptions(string message) => message
        .Replace($"set {nameof(QuantizeOptions.AllowRequantize)}", "say --again", StringComparison.Ordinal)
        .Replace($"remove it, or set {nameof(QuantizeOptions.Overwrite)}", "remove it", StringComparison.Ordinal);

    private static string? CodeOf(Exception error) => error switch
    {
        ModelFileException => "wrong_model_file",
        ModelQuantizeException => "not_quantized",
        InvalidParameterException => "invalid_value",
        WrongPasswordException => "wrong_password",
        KeystoreException => "wrong_keystore",
        PayoutException => "wrong_payouts",
        AbiException => "wrong_contract",
        ContractRevertException => "refused_by_contract",
        DeploymentException => "not_deployed",
        TransactionException => "not_carried_out",
        WrongChainException or DifferentGenesisException => "wrong_chain",
        RpcException => "no_node",
        ChainStoreException => "chain_store",
        NativePackageNotFoundException or LlamaLibraryException => "no_library",
        IOException or UnauthorizedAccessException => "input_output",
        _ => null,
    };
}
