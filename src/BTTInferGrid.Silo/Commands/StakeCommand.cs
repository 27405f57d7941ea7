using System.CommandLine;
using System.Numerics;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Chains;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid stake</c> and <c>unstake</c>: what a miner or validator can lose.</summary>
internal static class StakeCommand
{
    public static Command CreateStake()
    {
        var amount = new Argument<string>("AMOUNT") { Description = "How much, in BTT." };
        var role = new Option<string?>("--role")
        {
            Description = "miner or validator: needed the first time, and for life.",
        };
        role.AcceptOnlyFromAmong(NodeRoles.Names);
        var displaced = new Option<string?>("--displace")
        {
            Description = "When all seats of validators are taken: a validator with less stake, which gives up its seat.",
        };
        var command = new Command("stake", "Stakes tokens of a wallet as a miner or validator, or adds to its stake.")
        {
            amount, role, displaced,
        };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var wei = ChainArguments.Amount(parsed.GetRequiredValue(amount));
            var seat = parsed.GetValue(displaced) is { } text ? ChainArguments.Address(text) : Address.Zero;
            var wanted = parsed.GetValue(role) is { } name ? NodeRoles.Of(name) : (byte)0;
            var asWhat = wanted == 0 ? "" : $" as a {NodeRoles.NameOf(wanted)}, for life,";
            var inPlace = seat == Address.Zero ? "" : $" in the seat of {seat} if need be";
            return new ChainAction(
                $"stake/{wanted}/{wei}/{seat}", $"Stake {Wei.FormatBtt(wei)} BTT{asWhat}{inPlace}",
                (chain, cancellationToken) => PlanStakeAsync(chain, wanted, wei, seat, cancellationToken));
        });
        return command;
    }

    public static Command CreateUnstake()
    {
        var amount = new Argument<string>("AMOUNT") { Description = "How much, in BTT." };
        var command = new Command("unstake", "Begins to take stake out, which 'withdraw' ends when it has unbonded.") { amount };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var wei = ChainArguments.Amount(parsed.GetRequiredValue(amount));
            return ChainAction.Of(
                $"unstake/{wei}", $"Unstake {Wei.FormatBtt(wei)} BTT, which begins the wait for all that unbonds anew,",
                chain => new ChainStep("unstake", chain.Contracts.NodeRegistry, NodeRegistry.Unstake(wei)));
        });
        return command;
    }

    private static async Task<IReadOnlyList<ChainStep>> PlanStakeAsync(
        ChainReader chain, byte wanted, BigInteger amount, Address displaced, CancellationToken cancellationToken)
    {
        var registry = chain.Contracts.NodeRegistry;
        var role = await chain.ReadAsync(registry, NodeRegistry.RoleOf(chain.Account), cancellationToken);
        if (role == 0 && wanted == 0)
        {
            throw new CommandException(
                ExitCode.WrongUsage, "no_role", $"{chain.Account} is not registered yet. Say --role miner or --role validator.");
        }

        if (role != 0 && wanted != 0 && wanted != role)
        {
            throw new CommandException(
                ExitCode.Failure, "wrong_role",
                $"{chain.Account} is a {NodeRoles.NameOf(role)} for life. Use another wallet to be a {NodeRoles.NameOf(wanted)}.");
        }

        var call = role == 0
            ? NodeRegistry.Register(wanted, amount, displaced)
            : NodeRegistry.AddStake(amount, displaced);
        return await chain.PayingAsync(amount, new ChainStep("stake", registry, call), cancellationToken);
    }
}
