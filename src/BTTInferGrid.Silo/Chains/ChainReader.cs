using System.Numerics;
using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Deployment;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Chains;

/// <summary>What a command asks the chain about the grid's contracts and one account.</summary>
/// <param name="rpc">The chain's nodes.</param>
/// <param name="contracts">Where the contracts are.</param>
/// <param name="account">Whose account it is about.</param>
internal sealed class ChainReader(RpcClient rpc, ContractAddresses contracts, Address account)
{
    public RpcClient Rpc => rpc;

    public ContractAddresses Contracts => contracts;

    public Address Account => account;

    public Task<BigInteger> CoinsAsync(CancellationToken cancellationToken) => CoinsAsync(rpc, account, cancellationToken);

    /// <summary>What an account has of the chain's coin, which pays for gas.</summary>
    public static Task<BigInteger> CoinsAsync(RpcClient rpc, Address account, CancellationToken cancellationToken) =>
        rpc.AskAsync(ChainQueries.Balance(account, BlockTag.Latest), cancellationToken);

    public Task<BigInteger> TokensAsync(CancellationToken cancellationToken) =>
        ReadAsync(contracts.Token, BttToken.BalanceOf(account), cancellationToken);

    public Task<T> ReadAsync<T>(Address contract, ContractCall<T> call, CancellationToken cancellationToken) =>
        rpc.ReadAsync(contract, call, account, cancellationToken);

    /// <summary>
    /// The steps of a call that takes tokens from the account: before it, the contract is allowed to take just as many, unless
    /// it is already.
    /// </summary>
    /// <exception cref="CommandException">The account has fewer.</exception>
    public async Task<IReadOnlyList<ChainStep>> PayingAsync(BigInteger amount, ChainStep last, CancellationToken cancellationToken)
    {
        var tokens = await TokensAsync(cancellationToken);
        if (tokens < amount)
        {
            throw new CommandException(
                ExitCode.Failure, "insufficient_tokens",
                $"{account} has {Wei.FormatBtt(tokens)} BTT of the token {contracts.Token}, and {Wei.FormatBtt(amount)} BTT are needed."
                + " Get more, or name a smaller amount.");
        }

        var allowed = await ReadAsync(contracts.Token, BttToken.Allowance(account, last.Contract), cancellationToken);
        return allowed >= amount
            ? [last]
            : [new ChainStep("approve", contracts.Token, BttToken.Approve(last.Contract, amount)), last];
    }
}
