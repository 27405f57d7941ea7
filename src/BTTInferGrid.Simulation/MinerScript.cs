using BTTInferGrid.Compute;

namespace BTTInferGrid.Simulation;

/// <summary>
/// How a scripted miner behaves. What it offers (model, profile, context, slots, price, back end) counts from the next time that it connects, the rest from
/// its next job.
/// </summary>
public sealed record MinerScript
{
    private static readonly TimeSpan MaxFirstToken = TimeSpan.FromHours(1);

    /// <summary>Time from the start of a job to its first token, besides that of the prompt; 0 to 1 hour.</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>Tokens of prompt and earlier answer that it reads in a second, above 0; infinite unless set.</summary>
    public double PrefillTokensPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Tokens that each job gets in a second, above 0; infinite unless set. Those that are due together are sent together, so the rate also holds
    /// where the clock is coarse.
    /// </summary>
    public double TokensPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Jobs that run at the same time, 1 to 4096.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Jobs that wait for a slot, 0 or more; with more of them the miner is busy.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>Price.</summary>
    public MinerAsk Ask { get; init; }

    /// <summary>Most tokens, prompt and answer together, of one request; 1 or more.</summary>
    public int ContextTokens { get; init; } = 4096;

    /// <summary>The model that it offers.</summary>
    public string Model { get; init; } = SimulatedModel.Id;

    /// <summary>The profile that it offers.</summary>
    public string Profile { get; init; } = SimulatedModel.Profile;

    /// <summary>The back end that it offers, at most 64 letters and digits.</summary>
    public string Backend { get; init; } = "simulated";

    /// <summary>What goes wrong in its jobs.</summary>
    public MinerFault Fault { get; init; }

    /// <summary>Tokens that a job gets before the fault, 0 or more. A fault of the result comes when the answer is whole.</summary>
    public int FaultAfter { get; init; }

    /// <summary>Whether the fault also comes in the grid's probes, which the miner then does not pass.</summary>
    public bool FaultsInProbes { get; init; }

    /// <summary>Checks all but the offer, which is for the grid to check.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstToken, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FirstToken, MaxFirstToken);
        Positive(PrefillTokensPerSecond, nameof(PrefillTokensPerSecond));
        Positive(TokensPerSecond, nameof(TokensPerSecond));
        ArgumentOutOfRangeException.ThrowIfNegative(Queue);
        ArgumentOutOfRangeException.ThrowIfNegative(FaultAfter);
        if (!Enum.IsDefined(Fault))
        {
            throw new ArgumentOutOfRangeException(nameof(Fault), Fault, "There is no such fault.");
        }
    }

    // Also false for what is not a number.
    private static void Positive(double value, string name)
    {
        if (!(value > 0))
        {
            throw new ArgumentOutOfRangeException(name, value, "It must be above 0.");
        }
    }
}

/// <summary>What goes wrong in a job of a scripted miner.</summary>
public enum MinerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its engine breaks, and it says so.</summary>
    Fails,

    /// <summary>It breaks with an error that the grid does not know.</summary>
    Throws,

    /// <summary>Its session ends.</summary>
    Disconnects,

    /// <summary>It sends nothing more, and keeps the job until that is cancelled.</summary>
    Stalls,

    /// <summary>It is busy, however few jobs it has.</summary>
    IsBusy,

    /// <summary>It refuses the request.</summary>
    Refuses,

    /// <summary>Its stream ends without a result.</summary>
    BreaksOff,

    /// <summary>Lie: a token that the vocabulary does not have.</summary>
    UnknownToken,

    /// <summary>Lie: a token below 0.</summary>
    NegativeToken,

    /// <summary>Lie: a step without tokens.</summary>
    EmptyStep,

    /// <summary>Lie: log-probabilities that were not asked for.</summary>
    UnaskedLogProbs,

    /// <summary>Lie: a result that calls a part of the answer the whole.</summary>
    EndsEarly,

    /// <summary>Lie of the result: one token more than were asked for, before it.</summary>
    TooManyTokens,

    /// <summary>Lie of the result: one token more than were sent.</summary>
    WrongOutputCount,

    /// <summary>Lie of the result: a prompt of another length.</summary>
    WrongPromptCount,

    /// <summary>Lie of the result: a stop reason that does not exist.</summary>
    UnknownStopReason,

    /// <summary>Lie of the result: it does not say what the job took.</summary>
    NoUsage,
}
