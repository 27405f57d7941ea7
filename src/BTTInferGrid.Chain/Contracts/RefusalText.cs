using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Contracts;

/// <summary>Why a contract refuses a call, and what to do about it.</summary>
internal static class RefusalText
{
    public static string Of(ContractError error) =>
        OfStake(error) ?? OfDeposit(error) ?? OfEpoch(error) ?? OfCourt(error) ?? OfToken(error) ?? OfSignature(error)
        ?? error switch
        {
            RevertMessage one => $"The call fails: {one.Text}",
            UnknownError { Data: "" } => "The contract refused the call and said nothing about it. Are the contracts' addresses right, and"
                + " has the account what it wants to move?",
            _ => $"The contract refused the call: {error}",
        };

    private static string? OfStake(ContractError error) => error switch
    {
        StakeTooSmallError one =>
            $"The stake would be {Btt(one.Stake)}, and the least of this role is {Btt(one.Minimum)}. Stake more, or take all of it out.",
        StakeTooLowError one => $"{one.Account} has {Btt(one.Active)} at stake, which is less than {Btt(one.Wanted)}. Unstake less.",
        AlreadyRegisteredError one => $"{one.Account} is registered already. Add to its stake instead.",
        NotRegisteredError one => $"{one.Account} is not registered. Register it first.",
        RoleRequiredError => "A role is needed: miner or validator.",
        ValidatorsFullError one => $"All {one.Maximum} seats of validators are taken. Name one with less stake to displace.",
        NotDisplaceableError one =>
            $"{one.Validator} has {Btt(one.Stake)} at stake: it does not give way to {Btt(one.Offered)}. Stake more, or name another.",
        NothingUnbondingError one => $"No stake of {one.Account} is unbonding. Unstake first.",
        StillUnbondingError one => $"The stake unbonds until {BlockTime.Format(one.UnbondsAt)}. Withdraw it then.",
        HeldByCourtError one => $"{one.Holds} cases in court hold the stake back. Withdraw it when they are closed.",
        UnbondingTooShortError one =>
            $"unbondingDelay is {one.Delay} s; it must be at least disputeWindow and caseTime together, {one.Least} s.",
        BadEpochLengthError => "epochLength must be more than 0 s.",
        BadMinimumError => "minMinerStake and minValidatorStake must be more than 0.",
        BadValidatorLimitError one => $"maxValidators is {one.Limit}; it must be 1 to 1024.",
        _ => null,
    };

    private static string? OfDeposit(ContractError error) => error switch
    {
        BalanceTooLowError one => $"The deposit has {Btt(one.Balance)}, which is less than {Btt(one.Wanted)}. Ask for less.",
        NothingThawingError => "Nothing of this deposit is asked for back. Thaw it first.",
        StillThawingError one => $"The deposit thaws until {BlockTime.Format(one.ThawsAt)}. Withdraw it then.",
        VoucherExpiredError one => $"The voucher expired at {BlockTime.Format(one.Expiry)}. Ask the payer for a newer one.",
        VoucherNotBySessionError one => $"The voucher is signed by {one.Signer} and not by its session {one.Session}. Ask for one that is.",
        OnlyCollectorError one => $"The voucher is for {one.Collector}; {one.Caller} cannot collect it.",
        SessionUnknownError one => $"The payer has not authorised session {one.Session} for this collector, or not any more. Ask it to.",
        SessionExpiredError { Expiry: 0 } => "The payer has not authorised the session for this collector. Ask it to.",
        SessionExpiredError one => $"The session expired at {BlockTime.Format(one.Expiry)}. Ask the payer for a newer one.",
        SessionIsPayerError one => $"{one.Payer} is the payer itself, which signs without a session. Use another key.",
        SessionOnlyGrowsError one =>
            $"The session has a cap of {Btt(one.Cap)} until {BlockTime.Format(one.Expiry)}, and both only grow. Revoke it to end it.",
        GrantNotByPayerError one => $"The grant is signed by {one.Signer} and not by the payer {one.Payer}. Sign it with that key.",
        SharesTooLargeError one => $"burnShare {one.BurnShare} and collectorShare {one.CollectorShare} are more than 10,000 together.",
        NoThawError => "thawPeriod must be more than 0 s.",
        _ => null,
    };

    private static string? OfEpoch(ContractError error) => error switch
    {
        EpochNotOverError one => $"Epoch {one.Epoch} ends at {Time(one.End)}. Propose its root then.",
        EpochNotNewError one => $"There is a root of epoch {one.Active} already. Propose one of a later epoch than {one.Epoch}.",
        RootPendingError one => $"The root of epoch {one.Epoch} is pending until {BlockTime.Format(one.ActiveAt)}. Propose the next one then.",
        NoRootPendingError => "No root is pending: it is active already, or cancelled.",
        RootWasCancelledError => "This root was vetoed or refuted, and cannot be proposed again. Compute it anew.",
        TotalShrinksError one => $"The total {Btt(one.Total)} is less than that of the active root, {Btt(one.Active)}: payouts are cumulative.",
        TotalOverFundsError one => $"The total {Btt(one.Total)} is more than the funds, {Btt(one.Funds)}. Pay out less, or fund the contract.",
        NotEnoughStakeError one =>
            $"Those who signed have {Btt(one.Signed)} of {Btt(one.Total)} at stake; more than two thirds are needed. Get more signatures.",
        NoVotingStakeError one => $"{one.Account} had no stake as a validator at the end of the epoch, and has no vote.",
        AlreadyVetoedError one => $"{one.Validator} has vetoed this root already.",
        RootNotActiveError one => $"The root {one.Root} is not the active one. Get the payouts of the active root.",
        NotInTreeError => "The proof does not lead to the root. Make it anew from the published payouts.",
        NothingToClaimError one => $"{one.Account} has claimed all of its {Btt(one.Cumulative)} already.",
        ClaimsOverTotalError one => $"Claims would be {Btt(one.Claimed)}, more than the root's total {Btt(one.Total)}: its tree is false.",
        SumsAreTrueError => "All sums on this way are true, so it refutes nothing.",
        NoChallengeWindowError => "challengeWindow must be more than 0 s.",
        _ => null,
    };

    private static string? OfCourt(ContractError error) => error switch
    {
        AccuserIsTargetError one => $"{one.Account} cannot accuse itself.",
        WrongStageError one => $"The case is {StageOf(one.Stage)}, where this step is not its next. Read the case again.",
        AlreadyDisputedError one => $"The receipt {one.Receipt} was disputed before, which is possible once.",
        TooManyCasesError one => $"{one.Target} has {one.Open} open cases. Accuse it when one is closed.",
        TooFewValidatorsError one => $"There are {one.Count} validators, and a panel needs {one.Least}.",
        NotTheLoserError one => $"{one.Caller} has not lost this case, so it cannot appeal.",
        VerdictRequiredError => "A verdict is needed: guilty, innocent or cannot verify.",
        ZeroValueError => "A commitment or a value is zero, which stands for none. Use another.",
        NoEntropyDueError one => $"No randomness is due from {one.Account} now.",
        EntropyDoesNotFitError one => $"The value of {one.Account} is not the one that it left the hash of. Reveal that one.",
        NoMoreAppealsError one => $"Case {one.CaseId} was appealed before, which is possible once.",
        NotOnPanelError one => $"{one.Account} is not on this panel.",
        AlreadyCommittedError one => $"{one.Account} has committed already, and cannot change it.",
        VerdictDoesNotFitError one => $"The verdict of {one.Account} is not the one that it committed to. Reveal that one.",
        AlreadyJudgedError => "This fault was judged before.",
        NotTwoReceiptsError => "The receipts are not of one job and one miner.",
        SameReceiptError one => $"Both receipts of job {one.Job} are the same, which is no fault.",
        NotOneAuditError => "The promise and the reveal are not of one audit and one validator.",
        RevealFitsError => "The reveal fits the promise, which is no fault.",
        RevealDoesNotFitError => "The reveal does not fit the promise. Bring the one that does.",
        AlreadyDemandedError => "This reveal was demanded before. Wait for its deadline.",
        NotDemandedError => "Nobody demands this reveal, or it was answered or judged already.",
        NothingOwedError one => $"The court owes {one.Account} nothing.",
        TooLateError one => $"It was possible until {Time(one.Limit)}.",
        NotYetError one => $"It is possible from {Time(one.From)} on.",
        NotDueYetError one => $"The reveal is due at {BlockTime.Format(one.RevealBy)}. Demand it after that.",
        NotAMinerError one => $"{one.Account} is no miner.",
        NotAValidatorError one => $"{one.Account} is no validator.",
        BadPanelSizeError one => $"panelSize is {one.First} and appealPanelSize {one.Second}; both must be odd, and the second larger.",
        BadShareError one => $"A share is {one.Share}; it must be 1 to 10,000.",
        BadWindowError => "All windows must be more than 0 s, and caseTime must cover two rounds of them.",
        BondTooSmallError one => $"A bond is {Btt(one.Bond)}; it must be at least twice what its panel earns, {Btt(one.Least)}.",
        _ => null,
    };

    private static string? OfToken(ContractError error) => error switch
    {
        ERC20InsufficientBalanceError one => $"{one.Sender} has {Btt(one.Balance)} in tokens, which is less than {Btt(one.Needed)}. Get more, or move less.",
        ERC20InsufficientAllowanceError one =>
            $"{one.Spender} may take {Btt(one.Allowance)}, which is less than {Btt(one.Needed)}. Approve more.",
        ERC20InvalidReceiverError one => $"Nobody can receive tokens at {one.Receiver}. Check the address.",
        FaucetLimitExceededError one => $"The faucet gives at most {Btt(one.Limit)} at once. Ask for less.",
        NotATestChainError one => $"Play money is for local chains, not for chain {one.ChainId}. Name the token that is used there.",
        ERC2612ExpiredSignatureError one => $"The permit expired at {Time(one.Deadline)}. Sign a newer one.",
        ERC2612InvalidSignerError one => $"The permit is signed by {one.Signer} and not by the owner {one.Owner}. Sign it with that key.",
        InvalidAccountNonceError one => $"The nonce of {one.Account} is {one.CurrentNonce} by now. Sign with that one.",
        TransferIncompleteError one => $"Of {Btt(one.Expected)} only {Btt(one.Received)} arrived: tokens that keep a part cannot be used.",
        ZeroAddressError => "An address is the zero address, which is nobody's. Name another.",
        ZeroAmountError => "An amount is 0. It must be more.",
        _ => null,
    };

    private static string? OfSignature(ContractError error) => error switch
    {
        ECDSAInvalidSignatureError => "No key makes such a signature. Sign again.",
        ECDSAInvalidSignatureLengthError one => $"A signature has {one.Length} bytes, and not 65. Sign again.",
        ECDSAInvalidSignatureSError => "The signature has a high s: it was altered, or made by a program that does not keep to EIP-2. Sign again.",
        NotSignedByError one => $"The signature is by {one.Signer} and not by {one.Expected}. Sign with that key.",
        SignersNotAscendingError one => $"The signatures are not in ascending order of their signers: {one.Signer} follows {one.Before}. Sort them.",
        _ => null,
    };

    // By the numbers of CaseStage.sol.
    private static string StageOf(byte stage) => stage switch
    {
        0 => "not there",
        1 => "waiting for its block",
        2 => "waiting for randomness",
        3 => "before its panel",
        4 => "decided",
        5 => "closed",
        _ => $"in stage {stage}",
    };

    private static string Btt(BigInteger wei) => $"{Wei.FormatBtt(wei)} BTT";

    private static string Time(BigInteger seconds) => BlockTime.Format((ulong)BigInteger.Min(seconds, ulong.MaxValue));
}
