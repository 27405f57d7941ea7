using BTTInferGrid.Chain.Anvil;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Signing;
using BTTInferGrid.Chain.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Chain.Tests.Contracts;

/// <summary>The contracts take the parameters of each preset, on a chain of its id.</summary>
public sealed class ChainPresetTests
{
    [Theory]
    [InlineData(ChainPreset.LocalId)]
    [InlineData(ChainPreset.BttcId)]
    [InlineData(ChainPreset.DonauId)]
    public async Task Deploy_WithTheParametersOfAPreset_IsTaken(ulong chainId)
    {
        using var home = new TemporaryHome();
        var preset = ChainPreset.Of(chainId);
        await using var node = await AnvilNode.StartAsync(
            new AnvilOptions { Folder = Path.Combine(home.Path, "chain"), ChainId = chainId }, TimeProvider.System);
        using var rpc = new RpcClient(
            new RpcOptions { Endpoints = [node.Endpoint], ChainId = chainId }, TimeProvider.System, new Random(1),
            NullLogger<RpcClient>.Instance);
        using var key = node.Accounts.OpenKey(0);
        using var transactions = new TransactionManager(
            rpc,
            new TransactionSigner(key),
            new TransactionOptions
            {
                Database = Path.Combine(home.Path, "transactions.db"),
                MaxFeePerGas = preset.MaxFeePerGas,
                UsesLegacyPricing = preset.UsesLegacyPricing,
                Confirmations = 1,
                PollInterval = TimeSpan.FromMilliseconds(10),
            },
            TimeProvider.System,
            NullLogger<TransactionManager>.Instance);

        var contracts = await new ContractDeployer(rpc, transactions, key.Address).DeployAsync(preset.Parameters);

        Assert.Equal(preset.Parameters.Token ?? contracts.Token, contracts.Token);
        Assert.Equal(preset.IsLocal, preset.Parameters.Token is null);
        Assert.Equal(
            (ulong)preset.Parameters.EpochLength.TotalSeconds,
            await rpc.ReadAsync(contracts.NodeRegistry, NodeRegistry.EpochLength()));
    }
}
