using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Silo.Chains;

/// <summary>A wallet and what it has on a chain, as commands show it. Amounts are wei.</summary>
/// <param name="Address">Its address.</param>
/// <param name="File">Its keystore.</param>
internal sealed record AccountDocument(string Address, string File)
{
    /// <summary>The chain; null if none was asked, and then all below is null.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>What it has of the chain's coin, which pays for gas.</summary>
    public string? Coins { get; init; }

    /// <summary>What it has of the grid's token; null if it is not known where the contracts are, and then all below is null.</summary>
    public string? Tokens { get; init; }

    /// <summary>none, miner or validator.</summary>
    public string? Role { get; init; }

    /// <summary>Stake at work.</summary>
    public string? Stake { get; init; }

    /// <summary>Stake on its way out.</summary>
    public string? Unbonding { get; init; }

    /// <summary>When that can be withdrawn, in Unix seconds; null if there is none.</summary>
    public ulong? UnbondsAt { get; init; }

    /// <summary>Cases in court that hold the stake back.</summary>
    public uint? Cases { get; init; }

    /// <summary>What it has claimed of its earnings in all.</summary>
    public string? Claimed { get; init; }

    /// <summary>The same wallet with what it has on a chain.</summary>
    public async Task<AccountDocument> OnAsync(RpcClient rpc, ContractAddresses? contracts, CancellationToken cancellationToken)
    {
        var account = Chain.Primitives.Address.Parse(Address);
        var found = this with
        {
            ChainId = rpc.ChainId,
            Coins = $"{await ChainReader.CoinsAsync(rpc, account, cancellationToken)}",
        };
        if (contracts is null)
        {
            return found;
        }

        var chain = new ChainReader(rpc, contracts, account);
        var node = await chain.ReadAsync(contracts.NodeRegistry, NodeRegistry.NodeOf(account), cancellationToken);
        var stake = await chain.ReadAsync(contracts.NodeRegistry, NodeRegistry.ActiveStakeOf(account), cancellationToken);
        return found with
        {
            Tokens = $"{await chain.TokensAsync(cancellationToken)}",
            Role = NodeRoles.NameOf(node.Role),
            Stake = $"{stake}",
            Unbonding = $"{node.Unbonding}",
            UnbondsAt = node.Unbonding.IsZero ? null : node.UnbondsAt,
            Cases = node.Holds,
            Claimed = $"{await chain.ReadAsync(contracts.EpochRewards, EpochRewards.ClaimedOf(account), cancellationToken)}",
        };
    }
}
