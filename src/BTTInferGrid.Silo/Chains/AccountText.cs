using System.Text;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Silo.Chains;

/// <summary>A wallet and what it has on a chain, for people.</summary>
internal static class AccountText
{
    public static string Of(AccountDocument account)
    {
        var text = new StringBuilder($"""
            Wallet     {account.Address}
            Keystore   {account.File}
            """);
        if (account.ChainId is not null)
        {
            text.Append($"""

                Coins      {ChainText.Btt(account.Coins!)} BTT on chain {account.ChainId}, for gas
                """);
        }

        if (account.Tokens is not null)
        {
            text.Append($"""

                Tokens     {ChainText.Btt(account.Tokens)} BTT
                Role       {account.Role}
                Stake      {ChainText.Btt(account.Stake!)} BTT
                Unbonding  {ChainText.Btt(account.Unbonding!)} BTT{Until(account)}
                Claimed    {ChainText.Btt(account.Claimed!)} BTT
                """);
        }

        return text.ToString();
    }

    private static string Until(AccountDocument account) =>
        (account.UnbondsAt is { } time ? $", to be withdrawn from {BlockTime.Format(time)} on" : "")
        + (account.Cases is > 0 and var cases ? $", held back by {cases} cases in court" : "");
}
