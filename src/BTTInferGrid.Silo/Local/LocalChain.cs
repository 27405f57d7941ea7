using System.Security.Cryptography;
using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Storage;
using BTTInferGrid.Chain.Transactions;
using BTTInferGrid.Silo.Chains;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Hosting;

namespace BTTInferGrid.Silo.Local;

/// <summary>
/// The chain of a local grid, with the grid's contracts on it, kept in the home folder. It is started again if it ends, and
/// commands of the same home folder find it.
/// </summary>
internal sealed partial class LocalChain(
    GridHome home, TimeProvider time, ILogger<LocalChain> logger, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<Uri?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Ends when the chain has the contracts: with the address where it answers, or with null where there is no Anvil.
    /// </summary>
    /// <exception cref="StartException">The chain cannot be started.</exception>
    public Task<Uri?> Ready => _ready.Task;

    private string Folder => Path.Combine(home.Path, "chain");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                LogEnded(await RunAsync(stoppingToken), Pause.TotalSeconds);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The grid stops.
        }
        catch (AnvilMissingException error)
        {
            LogMissing(error.Message);
            _ready.TrySetResult(null);
        }
        catch (Exception error) when (error is AnvilException or RpcException or TransactionException or DeploymentException
            or ContractRevertException or ChainStoreException or IOException or UnauthorizedAccessException)
        {
            if (!_ready.TrySetException(new StartException($"The local chain cannot be used: {error.Message}", error)))
            {
                LogFailed(error.Message);
            }
        }
        finally
        {
            LocalChainFile.Delete(home.Path);
            _ready.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Starts the chain, and returns when it has ended by itself, with the reason.</summary>
    private async Task<string> RunAsync(CancellationToken stoppingToken)
    {
        await using var node = await AnvilNode.StartAsync(
            new AnvilOptions { Folder = Path.Combine(Folder, "anvil"), ChainId = ChainPreset.LocalId }, time, stoppingToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var deployed = DeployAsync(node, stop.Token);
        if (await Task.WhenAny(deployed, node.Ended) == deployed && !node.Ended.IsCompleted)
        {
            await deployed;
            LocalChainFile.Write(home.Path, node.Endpoint);
            LogStarted(node.ChainId, node.Endpoint);
            _ready.TrySetResult(node.Endpoint);
        }
        else
        {
            // Nobody is left to answer it.
            await stop.CancelAsync();
            await deployed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await node.Ended.WaitAsync(stoppingToken);
    }

    /// <summary>Deploys the contracts, unless they are on the chain already.</summary>
    private async Task DeployAsync(AnvilNode node, CancellationToken cancellationToken)
    {
        using var rpc = new RpcClient(
            new RpcOptions { Endpoints = [node.Endpoint], ChainId = node.ChainId }, time,
            new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), loggers.CreateLogger<RpcClient>());
        if (await IsDeployedAsync(rpc, cancellationToken))
        {
            return;
        }

        using var key = node.Accounts.OpenKey(0);
        using var transactions = new TransactionManager(
            rpc, new TransactionSigner(key), Options(), time, loggers.CreateLogger<TransactionManager>());
        var contracts = await new ContractDeployer(rpc, transactions, key.Address).DeployAsync(
            ChainPreset.Of(node.ChainId).Parameters, cancellationToken);
        DeploymentFile.Write(Folder, contracts);
        LogDeployed(DeploymentFile.PathOf(Folder, node.ChainId));
    }

    /// <summary>Whether contracts of an earlier start are there. A chain that lost its last seconds may have lost them too.</summary>
    private async Task<bool> IsDeployedAsync(RpcClient rpc, CancellationToken cancellationToken)
    {
        try
        {
            var known = DeploymentFile.Read(Folder, rpc.ChainId);
            if (known is null)
            {
                return false;
            }

            await ContractDeployer.CheckAsync(rpc, known, cancellationToken);
            return true;
        }
        catch (DeploymentException error)
        {
            LogLost(error.Message);
            return false;
        }
    }

    /// <summary>
    /// Only a deployment uses this account and this file, and it begins when there are no contracts: what the file remembers
    /// would be of a chain that is gone.
    /// </summary>
    private TransactionOptions Options()
    {
        var preset = ChainPreset.Of(ChainPreset.LocalId);
        var file = Path.Combine(Folder, "anvil", "deployment.db");
        foreach (var old in (string[])[file, $"{file}-wal", $"{file}-shm"])
        {
            File.Delete(old);
        }

        return new TransactionOptions
        {
            Database = file,
            MaxFeePerGas = preset.MaxFeePerGas,
            Confirmations = preset.Confirmations,
            PollInterval = TimeSpan.FromMilliseconds(10),
        };
    }

    [LoggerMessage(4121, LogLevel.Information, "Local chain {ChainId} answers at {Endpoint}")]
    private partial void LogStarted(ulong chainId, Uri endpoint);

    [LoggerMessage(4122, LogLevel.Information, "The grid's contracts are deployed on the local chain, as {File} says")]
    private partial void LogDeployed(string file);

    [LoggerMessage(4123, LogLevel.Warning, "The local chain ended and is started again in {Seconds} s: {Reason}")]
    private partial void LogEnded(string reason, double seconds);

    [LoggerMessage(4124, LogLevel.Warning, "The contracts of the last start are not on the local chain, and are deployed anew. {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(4125, LogLevel.Warning, "The grid has no local chain. {Reason}")]
    private partial void LogMissing(string reason);

    [LoggerMessage(4126, LogLevel.Error, "The local chain cannot be used any more, and the grid goes on without. {Reason}")]
    private partial void LogFailed(string reason);
}
