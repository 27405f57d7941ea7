using System.CommandLine;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Chains;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid claim</c>: what an epoch pays.</summary>
internal static class ClaimCommand
{
    public static Command Create()
    {
        var payouts = new Option<string>("--payouts")
        {
            Description = "The published payouts of the epoch, from which the proof is made.",
            Required = true,
        };
        var account = new Argument<string?>("ADDRESS")
        {
            Description = "Whose earnings; they go there, whoever asks. The wallet's by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("claim", "Claims what an account has earned and has not claimed yet.") { account, payouts };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var file = PayoutsFile.Read(parsed.GetRequiredValue(payouts));
            Address? named = parsed.GetValue(account) is { } text ? ChainArguments.Address(text) : null;
            return new ChainAction(
                $"claim/{named}/{file.Epoch}", $"Claim what {named?.ToString() ?? "the wallet"} has earned until epoch {file.Epoch}",
                (chain, cancellationToken) => PlanAsync(chain, file, named ?? chain.Account, cancellationToken));
        });
        return command;
    }

    private static async Task<IReadOnlyList<ChainStep>> PlanAsync(
        ChainReader chain, PayoutsFile file, Address account, CancellationToken cancellationToken)
    {
        var rewards = chain.Contracts.EpochRewards;
        var tree = new MerkleSumTree(chain.Rpc.ChainId, rewards, file.Payouts);
        var proof = tree.ProofOf(account, out var cumulative) ?? throw new CommandException(
            ExitCode.Failure, "nothing_earned", $"{account} is not among the {tree.Payouts.Count} payouts of epoch {file.Epoch}.");
        await RequireActiveAsync(chain, tree.Root, file.Epoch, cancellationToken);
        return [new ChainStep("claim", rewards, EpochRewards.Claim(account, cumulative, tree.Root, proof))];
    }

    private static async Task RequireActiveAsync(ChainReader chain, Hash32 root, ulong epoch, CancellationToken cancellationToken)
    {
        var rewards = chain.Contracts.EpochRewards;
        var active = await chain.ReadAsync(rewards, EpochRewards.ActiveRecord(), cancellationToken);
        if (active.Root == root)
        {
            return;
        }

        var pending = await chain.ReadAsync(rewards, EpochRewards.PendingRecord(), cancellationToken);
        throw pending.Root == root
            ? new CommandException(
                ExitCode.Failure, "root_pending",
                $"The root of epoch {epoch} can be challenged until {BlockTime.Format(pending.ActiveAt)}. Claim then.")
            : new CommandException(
                ExitCode.Failure, "wrong_payouts",
                $"These payouts of epoch {epoch} have the root {root}, and the contract pays from {active.Root}"
                + $" of epoch {active.Epoch}. Get the payouts of that epoch.");
    }
}
