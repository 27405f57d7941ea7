using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Deployment;

/// <summary>What is usual on a chain: how it is reached and paid, and what the grid's contracts are deployed with there.</summary>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="Name">For people.</param>
public sealed record ChainPreset(ulong ChainId, string Name)
{
    /// <summary>The id that local chains have by custom.</summary>
    public const ulong LocalId = 31337;

    /// <summary>The main network of BitTorrent Chain.</summary>
    public const ulong BttcId = 199;

    /// <summary>Donau, the test network of BitTorrent Chain.</summary>
    public const ulong DonauId = 1029;

    /// <summary>Public nodes; none where there is no such thing.</summary>
    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    /// <summary>Whether gas is priced without EIP-1559, although blocks may have a base fee.</summary>
    public bool UsesLegacyPricing { get; init; }

    /// <summary>The most wei that is paid for a unit of gas.</summary>
    public BigInteger MaxFeePerGas { get; init; } = BigInteger.Pow(10, 15);

    /// <summary>Blocks after which a transaction counts as done.</summary>
    public int Confirmations { get; init; } = 12;

    /// <summary>How often the chain is asked.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What the contracts are deployed with.</summary>
    public DeploymentParameters Parameters { get; init; } = new();

    /// <summary>Whether the chain is somebody's own, where money is play money.</summary>
    public bool IsLocal => ChainId == LocalId;

    /// <summary>The preset of a chain. One that is not known has the parameters of the main network, and no token.</summary>
    /// <param name="chainId">The chain.</param>
    public static ChainPreset Of(ulong chainId) => chainId switch
    {
        LocalId => Local(),
        BttcId => new ChainPreset(BttcId, "BitTorrent Chain")
        {
            Endpoints = [new Uri("https://rpc.bt.io/")],
            UsesLegacyPricing = true,
            Parameters = new DeploymentParameters { Token = Address.Parse("0x23181F21DEa5936e24163FFABa4Ea3B316B57f3C") },
        },
        DonauId => Donau(),
        _ => new ChainPreset(chainId, $"chain {chainId}"),
    };

    /// <summary>Blocks at once and minutes for weeks, so that a person sees an epoch end and stake come back.</summary>
    private static ChainPreset Local() => new(LocalId, "the local chain")
    {
        MaxFeePerGas = BigInteger.Pow(10, 12),
        Confirmations = 1,
        PollInterval = TimeSpan.FromMilliseconds(100),
        Parameters = new DeploymentParameters
        {
            EpochLength = TimeSpan.FromMinutes(10),
            ChallengeWindow = TimeSpan.FromMinutes(1),
            ThawPeriod = TimeSpan.FromMinutes(5),
            EntropyWindow = TimeSpan.FromSeconds(30),
            CommitWindow = TimeSpan.FromMinutes(1),
            RevealWindow = TimeSpan.FromMinutes(1),
            AppealWindow = TimeSpan.FromMinutes(1),
            CaseTime = TimeSpan.FromMinutes(15),
            DisputeWindow = TimeSpan.FromMinutes(15),
            UnbondingDelay = TimeSpan.FromMinutes(30),
            PanelSize = 3,
            AppealPanelSize = 5,
        },
    };

    /// <summary>Hours for days: what holds for weeks on the main network is over in a day.</summary>
    private static ChainPreset Donau() => new(DonauId, "BitTorrent Chain Donau")
    {
        Endpoints = [new Uri("https://pre-rpc.bt.io/")],
        UsesLegacyPricing = true,
        Parameters = new DeploymentParameters
        {
            Token = Address.Parse("0x107742EB846b86CEaAF7528D5C85cddcad3e409A"),
            EpochLength = TimeSpan.FromHours(1),
            ChallengeWindow = TimeSpan.FromHours(1),
            ThawPeriod = TimeSpan.FromHours(6),
            EntropyWindow = TimeSpan.FromMinutes(10),
            CommitWindow = TimeSpan.FromHours(1),
            RevealWindow = TimeSpan.FromHours(1),
            AppealWindow = TimeSpan.FromHours(1),
            CaseTime = TimeSpan.FromHours(12),
            DisputeWindow = TimeSpan.FromHours(12),
            UnbondingDelay = TimeSpan.FromHours(24),
        },
    };
}
