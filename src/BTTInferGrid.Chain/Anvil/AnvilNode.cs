using System.Globalization;
using System.Numerics;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Rpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>
/// A local chain: a real Anvil of the London hard fork, which listens on this machine only, keeps its state in a
/// folder, and ends with its owner.
/// </summary>
public sealed class AnvilNode : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly AnvilProcess _process;
    private readonly FileStream _lock;

    private AnvilNode(AnvilOptions options, AnvilAccounts accounts, AnvilProcess process, FileStream held)
    {
        ChainId = options.ChainId;
        Accounts = accounts;
        _process = process;
        _lock = held;
    }

    /// <summary>The EIP-155 id of the chain.</summary>
    public ulong ChainId { get; }

    /// <summary>The accounts that have coins.</summary>
    public AnvilAccounts Accounts { get; }

    /// <summary>Where the chain answers JSON-RPC.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{_process.Port}/");

    /// <summary>Ends when the chain does, with what it said about the reason.</summary>
    public Task<string> Ended => _process.Ended;

    /// <summary>The process that the chain runs under.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Starts the chain, and returns when it answers.</summary>
    /// <param name="options">Where its files are, and how it makes blocks.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AnvilException">
    /// Anvil is not installed, another process has the folder, the state is damaged, or Anvil did not start.
    /// </exception>
    public static async Task<AnvilNode> StartAsync(
        AnvilOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var program = AnvilProgram.Find(options.Program);
        var held = Hold(options.Folder);
        try
        {
            var state = new AnvilStateFile(options.Folder);
            state.Prepare();
            var accounts = AnvilAccounts.LoadOrCreate(options.Folder, options.Accounts);
            var process = await AnvilProcess.StartAsync(
                program, Arguments(options, state.FullPath), time, cancellationToken);
            var node = new AnvilNode(options, accounts, process, held);
            await node.FundAsync(options.Balance, time, cancellationToken);
            return node;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the chain, which writes its state.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _lock.DisposeAsync();
    }

    /// <summary>Gives the accounts of a chain without blocks their coins: nobody can have spent any.</summary>
    private async Task FundAsync(BigInteger balance, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var options = new RpcOptions { Endpoints = [Endpoint], ChainId = ChainId };
            using var rpc = new RpcClient(options, time, new Random(0), NullLogger<RpcClient>.Instance);
            if (await rpc.AskAsync(ChainQueries.BlockNumber(), cancellationToken) > 0)
            {
                return;
            }

            foreach (var account in Accounts.Addresses)
            {
                await rpc.CallAsync(AnvilCalls.SetBalance(account, balance), cancellationToken);
            }
        }
        catch (RpcException error)
        {
            await _process.DisposeAsync();
            throw new AnvilException($"The local chain does not answer as it should. {error.Message}", error);
        }
        catch
        {
            await _process.DisposeAsync();
            throw;
        }
    }

    // The chain holds no keys: everything is signed by its users. No web page may call it.
    private static string[] Arguments(AnvilOptions options, string state)
    {
        string[] arguments =
        [
            "--accounts", "0", "--hardfork", "london", "--no-cors", "--host", "127.0.0.1",
            "--port", Text(options.Port), "--chain-id", Text(options.ChainId),
            "--state", state, "--state-interval", Text((long)options.StateInterval.TotalSeconds),
        ];
        return options.BlockTime switch
        {
            null => arguments,
            { Ticks: 0 } => [.. arguments, "--no-mining"],
            { } blockTime => [.. arguments, "--block-time", Text((long)blockTime.TotalSeconds)],
        };
    }

    private static string Text(IFormattable number)
    {
        return number.ToString(null, CultureInfo.InvariantCulture);
    }

    private static FileStream Hold(string folder)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }

            return new FileStream(
                Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AnvilException(
                $"The folder {folder} of the local chain is in use by another process, or not writable. "
                + "Stop that one, or name another folder.",
                error);
        }
    }
}
