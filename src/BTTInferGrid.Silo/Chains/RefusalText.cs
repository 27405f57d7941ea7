using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Silo.Chains;

/// <summary>Why contracts refuse what commands ask of them, and what to do about it.</summary>
internal static class RefusalText
{
    public static string Of(ContractRevertException refusal) => refusal.Error switch
    {
        StakeTooSmallError one =>
            $"The stake would be {Wei.FormatBtt(one.Stake)} BTT, and the least of this role is {Wei.FormatBtt(one.Minimum)} BTT."
            + " Stake more, or take all of it out.",
        StakeTooLowError one => $"{one.Account} has {Wei.FormatBtt(one.Active)} BTT at stake, which is less than {Wei.FormatBtt(one.Wanted)} BTT.",
        ValidatorsFullError one =>
            $"All {one.Maximum} seats of validators are taken. Name one with less stake to displace with --displace.",
        NotDisplaceableError one =>
            $"{one.Validator} has {Wei.FormatBtt(one.Stake)} BTT at stake: it does not give way to {Wei.FormatBtt(one.Offered)} BTT. Stake more, or name another.",
        NothingUnbondingError => "No stake is unbonding. Begin with 'bttgrid unstake'.",
        StillUnbondingError one => $"The stake unbonds until {ChainText.Time(one.UnbondsAt)}. Withdraw it then.",
        HeldByCourtError one => $"{one.Holds} cases in court hold the stake back. Withdraw it when they are closed.",
        BalanceTooLowError one =>
            $"The deposit has {Wei.FormatBtt(one.Balance)} BTT, which is less than {Wei.FormatBtt(one.Wanted)} BTT.",
        NothingThawingError => "Nothing of this deposit is asked for back. Begin with 'bttgrid thaw'.",
        StillThawingError one => $"The deposit thaws until {ChainText.Time(one.ThawsAt)}. Withdraw it then.",
        NothingToClaimError one => $"{one.Account} has claimed all of its {Wei.FormatBtt(one.Cumulative)} BTT already.",
        FaucetLimitExceededError one => $"The faucet gives at most {Wei.FormatBtt(one.Limit)} BTT at once.",
        ERC20InsufficientBalanceError one =>
            $"{one.Sender} has {Wei.FormatBtt(one.Balance)} BTT in tokens, which is less than {Wei.FormatBtt(one.Needed)} BTT.",
        UnbondingTooShortError one =>
            $"unbondingDelay is {one.Delay} s; it must be at least disputeWindow and caseTime together, {one.Least} s.",
        UnknownError { Data: "" } => "A contract refused the call and said nothing about it. Are the contracts' addresses right, and has"
            + " the account what it wants to move?",
        _ => refusal.Message,
    };
}
