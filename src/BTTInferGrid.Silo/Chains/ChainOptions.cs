using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Silo.Chains;

/// <summary>The options that say which chain a command talks to, and where its files are.</summary>
internal sealed class ChainOptions
{
    private const int MostConfirmations = 128;

    private static readonly BigInteger MostFee = BigInteger.One << 96;

    private readonly Option<string[]> _rpc = new("--rpc")
    {
        Description = "Address of a node of the chain; once for each. By default BTTGRID_RPC, or what is usual on the chain.",
    };

    private readonly Option<ulong?> _chainId = new("--chain-id")
    {
        Description = "The chain's id: 199 is BitTorrent Chain, 1029 its test network. BTTGRID_CHAIN_ID by default, or 31337, "
            + "a local chain.",
    };

    private readonly Option<string?> _maxFee = new("--max-fee")
    {
        Description = "The most wei that is paid for a unit of gas. Default 10^12 on a local chain, 10^15 elsewhere.",
    };

    private readonly Option<bool> _legacyPricing = new("--legacy-pricing")
    {
        Description = "Prices gas without EIP-1559, as is usual on BitTorrent Chain anyway.",
    };

    private readonly Option<int?> _confirmations = new("--confirmations")
    {
        Description = "Blocks that a transaction waits for. Default 1 on a local chain, 12 elsewhere.",
    };

    private readonly Option<string?> _home = HomeOption.Create();

    public ChainOptions(Command command)
    {
        command.Add(_rpc);
        command.Add(_chainId);
        command.Add(_maxFee);
        command.Add(_legacyPricing);
        command.Add(_confirmations);
        command.Add(_home);
    }

    public string Home(ParseResult parsed) => HomeFolder.Find(parsed.GetValue(_home), Environment.GetEnvironmentVariable);

    public ulong ChainId(ParseResult parsed)
    {
        var named = Environment.GetEnvironmentVariable("BTTGRID_CHAIN_ID");
        var chainId = parsed.GetValue(_chainId) ?? (string.IsNullOrEmpty(named) ? ChainPreset.LocalId
            : ulong.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw Wrong("BTTGRID_CHAIN_ID is not a number."));
        return chainId is > 0 and <= long.MaxValue ? chainId : throw Wrong("The id of a chain is 1 to 2^63 - 1.");
    }

    /// <summary>What is usual on the chain.</summary>
    public ChainPreset Preset(ParseResult parsed) => ChainPreset.Of(ChainId(parsed));

    /// <summary>Whether any node of the chain is named or known.</summary>
    public bool HasNode(ParseResult parsed) => Endpoints(parsed).Count > 0;

    /// <summary>A client of the chain's nodes.</summary>
    /// <exception cref="CommandException">No node is named, or not as it should be.</exception>
    public RpcClient Connect(ParseResult parsed)
    {
        var endpoints = Endpoints(parsed);
        if (endpoints.Count == 0)
        {
            throw Wrong("No node of a chain is named. Say --rpc http://HOST:PORT, or set BTTGRID_RPC, or start a local grid.");
        }

        return new RpcClient(
            new RpcOptions { Endpoints = endpoints, ChainId = ChainId(parsed) },
            TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), NullLogger<RpcClient>.Instance);
    }

    /// <summary>How an account's transactions are paid for, and the file that those on the chain are kept in.</summary>
    public TransactionOptions Transactions(ParseResult parsed)
    {
        var preset = Preset(parsed);
        var folder = Deployments(parsed);
        Directory.CreateDirectory(folder);
        return new TransactionOptions
        {
            Database = Path.Combine(folder, $"transactions-{preset.ChainId}.db"),
            MaxFeePerGas = parsed.GetValue(_maxFee) is { } text ? MaxFeeOf(text) : preset.MaxFeePerGas,
            UsesLegacyPricing = parsed.GetValue(_legacyPricing) || preset.UsesLegacyPricing,
            Confirmations = (parsed.GetValue(_confirmations) ?? preset.Confirmations) is >= 1 and <= MostConfirmations and var blocks
                ? blocks
                : throw Wrong($"--confirmations is 1 to {MostConfirmations}."),
            PollInterval = preset.PollInterval,
        };
    }

    /// <summary>The folder of the files that say where contracts are.</summary>
    public string Deployments(ParseResult parsed) => Path.Combine(Home(parsed), "chain");

    /// <summary>Where the grid's contracts are.</summary>
    /// <exception cref="CommandException">Nobody has said so.</exception>
    /// <exception cref="DeploymentException">The file that says so cannot be used.</exception>
    public ContractAddresses Contracts(ParseResult parsed) => FindContracts(parsed) ?? throw new CommandException(
            ExitCode.Failure, "not_deployed",
            $"{Deployments(parsed)} knows no contracts on chain {ChainId(parsed)}. Deploy them with 'bttgrid contracts deploy',"
            + " or say where they are with 'bttgrid contracts add'.");

    /// <summary>Where the grid's contracts are; null if nobody has said so.</summary>
    /// <exception cref="DeploymentException">The file that says so cannot be used.</exception>
    public ContractAddresses? FindContracts(ParseResult parsed) => DeploymentFile.Read(Deployments(parsed), ChainId(parsed));

    /// <summary>Nodes that the command line names, else the environment, else a grid that runs here, else the preset.</summary>
    private IReadOnlyList<Uri> Endpoints(ParseResult parsed)
    {
        var named = parsed.GetValue(_rpc) is { Length: > 0 } flags
            ? flags
            : Environment.GetEnvironmentVariable("BTTGRID_RPC")
                ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var preset = Preset(parsed);
        return named.Length > 0 ? Array.ConvertAll(named, static text => UriOf(text))
            : preset.IsLocal && LocalChainFile.Read(Home(parsed)) is { } text ? [UriOf(text)]
            : preset.Endpoints;
    }

    private static BigInteger MaxFeeOf(string text) =>
        BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 && most <= MostFee
            ? most
            : throw Wrong("--max-fee is a number of wei, from 1 to 2^96.");

    private static Uri UriOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Wrong("The address of a node begins with http:// or https://.");

    private static CommandException Wrong(string message) => new(ExitCode.WrongUsage, "wrong_usage", message);
}
