using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Deployment;

/// <summary>
/// What the grid's contracts are deployed with, and cannot be changed to later. Amounts are in wei of the token, times in
/// whole seconds, shares in basis points. The contracts check them; what they refuse is told by name.
/// </summary>
public sealed record DeploymentParameters
{
    private static readonly BigInteger Whole = BigInteger.Pow(10, 18);

    /// <summary>The grid's token. Null deploys play money, which only local chains allow.</summary>
    public Address? Token { get; init; }

    /// <summary>The least stake of a miner.</summary>
    public BigInteger MinMinerStake { get; init; } = 10_000 * Whole;

    /// <summary>The least stake of a validator.</summary>
    public BigInteger MinValidatorStake { get; init; } = 100_000 * Whole;

    /// <summary>The most validators.</summary>
    public uint MaxValidators { get; init; } = 128;

    /// <summary>Length of an epoch.</summary>
    public TimeSpan EpochLength { get; init; } = TimeSpan.FromHours(24);

    /// <summary>From unstaking to withdrawing: the dispute window and the longest case together, at least.</summary>
    public TimeSpan UnbondingDelay { get; init; } = TimeSpan.FromDays(21);

    /// <summary>How long after its epoch a receipt can be disputed.</summary>
    public TimeSpan DisputeWindow { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a case takes at most.</summary>
    public TimeSpan CaseTime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a payout root waits for vetoes.</summary>
    public TimeSpan ChallengeWindow { get; init; } = TimeSpan.FromDays(1);

    /// <summary>From asking for a deposit back to getting it.</summary>
    public TimeSpan ThawPeriod { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Time of a case's draw of randomness.</summary>
    public TimeSpan EntropyWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time of a panel's commitments.</summary>
    public TimeSpan CommitWindow { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Time of a panel's reveals.</summary>
    public TimeSpan RevealWindow { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Time for an appeal.</summary>
    public TimeSpan AppealWindow { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What an accuser puts up.</summary>
    public BigInteger AccusationBond { get; init; } = 1_000 * Whole;

    /// <summary>What an appellant puts up.</summary>
    public BigInteger AppealBond { get; init; } = 3_000 * Whole;

    /// <summary>What whoever demands a reveal puts up.</summary>
    public BigInteger DemandBond { get; init; } = 10 * Whole;

    /// <summary>What a seat of a panel earns.</summary>
    public BigInteger SeatFee { get; init; } = 50 * Whole;

    /// <summary>The most that one fault costs.</summary>
    public BigInteger CaseCap { get; init; } = 100_000 * Whole;

    /// <summary>What a miner loses of its stake that signed two receipts for one job.</summary>
    public ushort DoubleReceiptShare { get; init; } = 5000;

    /// <summary>What a validator loses of its stake whose verdict is not the one that it committed to.</summary>
    public ushort FalseRevealShare { get; init; } = 2000;

    /// <summary>What a validator loses of its stake that does not do its duty.</summary>
    public ushort MissedDutyShare { get; init; } = 100;

    /// <summary>What a miner loses of its stake that a panel finds guilty.</summary>
    public ushort GuiltyShare { get; init; } = 3000;

    /// <summary>Seats of a panel; odd.</summary>
    public byte PanelSize { get; init; } = 7;

    /// <summary>Seats of the panel of an appeal; odd, and more than <see cref="PanelSize"/>.</summary>
    public byte AppealPanelSize { get; init; } = 21;

    /// <summary>What of each payment is burned.</summary>
    public ushort BurnShare { get; init; } = 100;

    /// <summary>What of each payment is the collector's.</summary>
    public ushort CollectorShare { get; init; } = 500;
}
