using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Commands;
using BTTInferGrid.Silo.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Silo.Chains;

/// <summary>The options that say which chain a command talks to, and where its files are.</summary>
internal sealed class ChainOptions
{
    private const ulong LocalChain = 31337;
    private readonly Option<string[]> _rpc = new("--rpc")
    {
        Description = "Address of a node of the chain; once for each. BTTGRID_RPC by default.",
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
        command.Add(_confirmations);
        command.Add(_home);
    }

    public string Home(ParseResult parsed) => HomeFolder.Find(parsed.GetValue(_home), Environment.GetEnvironmentVariable);

    public ulong ChainId(ParseResult parsed)
    {
        var named = Environment.GetEnvironmentVariable("BTTGRID_CHAIN_ID");
        return parsed.GetValue(_chainId) ?? (string.IsNullOrEmpty(named) ? LocalChain
            : ulong.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw Wrong("BTTGRID_CHAIN_ID is not a number."));
    }

    /// <summary>A client of the chain's nodes.</summary>
    /// <exception cref="CommandException">No node is named, or not as it should be.</exception>
    public RpcClient Connect(ParseResult parsed)
    {
        var named = parsed.GetValue(_rpc) is { Length: > 0 } flags
            ? flags
            : Environment.GetEnvironmentVariable("BTTGRID_RPC")
                ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (named.Length == 0)
        {
            throw Wrong("No node of a chain is named. Say --rpc http://HOST:PORT, or set BTTGRID_RPC.");
        }

        var endpoints = Array.ConvertAll(named, static text =>
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw Wrong("The address of a node begins with http:// or https://."));
        return new RpcClient(
            new RpcOptions { Endpoints = endpoints, ChainId = ChainId(parsed) },
            TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), NullLogger<RpcClient>.Instance);
    }

    /// <summary>How an account's transactions are paid for, and the file that all of them are kept in.</summary>
    public TransactionOptions Transactions(ParseResult parsed)
    {
        var isLocal = ChainId(parsed) == LocalChain;
        var folder = Path.Combine(Home(parsed), "chain");
        Directory.CreateDirectory(folder);
        return new TransactionOptions
        {
            Database = Path.Combine(folder, "transactions.db"),
            MaxFeePerGas = parsed.GetValue(_maxFee) is { } text
                ? BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
                    ? most
                    : throw Wrong("--max-fee is a number of wei.")
                : BigInteger.Pow(10, isLocal ? 12 : 15),
            Confirmations = parsed.GetValue(_confirmations) ?? (isLocal ? 1 : 12),
            PollInterval = isLocal ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(3),
        };
    }

    /// <summary>The folder of the files that say where contracts are.</summary>
    public string Deployments(ParseResult parsed) => Path.Combine(Home(parsed), "chain");

    private static CommandException Wrong(string message) => new(ExitCode.WrongUsage, "wrong_usage", message);
}
