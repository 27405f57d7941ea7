using System.CommandLine;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Chains;

namespace BTTInferGrid.Silo.Commands;

/// <summary><c>bttgrid deposit</c>, <c>thaw</c> and <c>withdraw</c>: what a developer pays a front from.</summary>
internal static class DepositCommand
{
    public static Command CreateDeposit()
    {
        var amount = new Argument<string>("AMOUNT") { Description = "How much, in BTT." };
        var collector = Collector("Who may collect payments from it: the grid's operator.");
        collector.Required = true;
        var payer = new Option<string?>("--payer") { Description = "Whose deposit it is; the wallet's by default." };
        var command = new Command("deposit", "Pays tokens of a wallet into a deposit, for payments to one collector.")
        {
            amount, collector, payer,
        };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var wei = ChainArguments.Amount(parsed.GetRequiredValue(amount));
            var to = ChainArguments.Address(parsed.GetRequiredValue(collector)!);
            Address? named = parsed.GetValue(payer) is { } text ? ChainArguments.Address(text) : null;
            return new ChainAction(
                $"deposit/{to}/{named}/{wei}",
                $"Deposit {Wei.FormatBtt(wei)} BTT for payments to {to}{(named is null ? "" : $", which only {named} can take back,")}",
                (chain, cancellationToken) => chain.PayingAsync(
                    wei,
                    new ChainStep(
                        "deposit", chain.Contracts.PaymentEscrow,
                        PaymentEscrow.Deposit(named ?? chain.Account, to, wei)),
                    cancellationToken));
        });
        return command;
    }

    public static Command CreateThaw()
    {
        var amount = new Argument<string>("AMOUNT") { Description = "How much, in BTT, in place of what was asked for before." };
        var collector = Collector("Whose payments the deposit is for.");
        collector.Required = true;
        var command = new Command("thaw", "Asks for a deposit back, which 'withdraw' takes out when it has thawed.")
        {
            amount, collector,
        };
        ActionOptions.Set(command, (_, parsed) =>
        {
            var wei = ChainArguments.Amount(parsed.GetRequiredValue(amount));
            var from = ChainArguments.Address(parsed.GetRequiredValue(collector)!);
            return ChainAction.Of(
                $"thaw/{from}/{wei}", $"Ask for {Wei.FormatBtt(wei)} BTT of the deposit for {from} back",
                chain => new ChainStep("thaw", chain.Contracts.PaymentEscrow, PaymentEscrow.Thaw(from, wei)));
        });
        return command;
    }

    public static Command CreateWithdraw()
    {
        var collector = Collector("Takes out the thawed deposit for this collector, and no stake.");
        var command = new Command("withdraw", "Takes out stake that has unbonded, or a deposit that has thawed.") { collector };
        ActionOptions.Set(command, (_, parsed) => parsed.GetValue(collector) is { } text
            ? WithdrawDeposit(ChainArguments.Address(text))
            : ChainAction.Of(
                "withdraw/stake", "Withdraw the stake that has unbonded",
                chain => new ChainStep("withdraw", chain.Contracts.NodeRegistry, NodeRegistry.Withdraw())));
        return command;
    }

    private static ChainAction WithdrawDeposit(Address collector) => ChainAction.Of(
        $"withdraw/{collector}", $"Withdraw the thawed deposit for {collector}",
        chain => new ChainStep("withdraw", chain.Contracts.PaymentEscrow, PaymentEscrow.Withdraw(collector)));

    private static Option<string?> Collector(string description) => new("--collector") { Description = description };
}
