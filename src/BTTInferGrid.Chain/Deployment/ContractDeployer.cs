using BTTInferGrid.Chain.Blocks;
using BTTInferGrid.Chain.Contracts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Rpc;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Deployment;

/// <summary>
/// Deploys the grid's contracts from one account. Registry and court name each other, so the registry gets the address
/// that the account's next transaction makes, and that the court is there is checked at the end.
/// </summary>
/// <param name="rpc">The chain's nodes.</param>
/// <param name="transactions">The account's transactions; nothing else may send any meanwhile.</param>
/// <param name="deployer">The account.</param>
public sealed class ContractDeployer(RpcClient rpc, TransactionManager transactions, Address deployer)
{
    /// <summary>Deploys all contracts and waits until they are there.</summary>
    /// <param name="parameters">What with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ContractRevertException">A contract refuses its parameters; nothing more was deployed.</exception>
    /// <exception cref="TransactionException">A transaction was not carried out.</exception>
    /// <exception cref="DeploymentException">Another program used the account meanwhile.</exception>
    public async Task<ContractAddresses> DeployAsync(
        DeploymentParameters parameters, CancellationToken cancellationToken = default)
    {
        await FinishAsync(cancellationToken);
        var token = parameters.Token
            ?? await DeployAsync("token", await NonceAsync(cancellationToken), BttToken.Deployment(), cancellationToken);
        var nonce = await NonceAsync(cancellationToken);
        var courtAddress = AddressOf(deployer, nonce + 1);
        var registry = await DeployAsync(
            "registry", nonce, NodeRegistry.Deployment(Registry(parameters, token, courtAddress)), cancellationToken);
        var court = await DeployAsync(
            "court", nonce + 1, DisputeCourt.Deployment(Court(parameters, token, registry)), cancellationToken);
        var rewards = await DeployAsync(
            "rewards", nonce + 2, EpochRewards.Deployment(token, registry, Seconds(parameters.ChallengeWindow)),
            cancellationToken);
        var escrow = await DeployAsync(
            "escrow", nonce + 3, PaymentEscrow.Deployment(new EscrowParameters(
                token, rewards, Seconds(parameters.ThawPeriod), parameters.BurnShare, parameters.CollectorShare)),
            cancellationToken);
        var addresses = new ContractAddresses(rpc.ChainId, token, registry, court, rewards, escrow);
        await CheckAsync(rpc, addresses, cancellationToken);
        return addresses;
    }

    /// <summary>Finds out whether contracts are there, and are of one grid.</summary>
    /// <param name="rpc">The chain's nodes.</param>
    /// <param name="addresses">Where they should be.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="DeploymentException">They are not there, or belong to others.</exception>
    /// <exception cref="RpcException">The nodes do not answer.</exception>
    public static async Task CheckAsync(
        RpcClient rpc, ContractAddresses addresses, CancellationToken cancellationToken = default)
    {
        try
        {
            await RequireAsync(addresses.NodeRegistry, NodeRegistry.Court(), addresses.DisputeCourt, "court");
            await RequireAsync(addresses.NodeRegistry, NodeRegistry.Token(), addresses.Token, "token");
            await RequireAsync(addresses.DisputeCourt, DisputeCourt.Registry(), addresses.NodeRegistry, "registry");
            await RequireAsync(addresses.DisputeCourt, DisputeCourt.Token(), addresses.Token, "token");
            await RequireAsync(addresses.EpochRewards, EpochRewards.Registry(), addresses.NodeRegistry, "registry");
            await RequireAsync(addresses.EpochRewards, EpochRewards.Token(), addresses.Token, "token");
            await RequireAsync(addresses.PaymentEscrow, PaymentEscrow.Pool(), addresses.EpochRewards, "pool");
            await RequireAsync(addresses.PaymentEscrow, PaymentEscrow.Token(), addresses.Token, "token");
        }
        catch (Exception error) when (error is Abi.AbiException or ContractRevertException)
        {
            throw new DeploymentException(
                $"The contracts are not where they should be on chain {rpc.ChainId}: {error.Message} Is it the right chain?"
                + " If so, get their addresses again, or deploy them.");
        }

        async Task RequireAsync(Address contract, ContractCall<Address> call, Address wanted, string name)
        {
            var found = await rpc.ReadAsync(contract, call, cancellationToken: cancellationToken);
            if (found != wanted)
            {
                throw new DeploymentException(
                    $"The contract at {contract} has the {name} {found} and not {wanted}: they are not of one grid."
                    + " Get their addresses again, or deploy them.");
            }
        }
    }

    /// <summary>The address of the contract that an account's transaction makes (Yellow Paper, section 7).</summary>
    /// <param name="account">The account.</param>
    /// <param name="nonce">The transaction's nonce.</param>
    public static Address AddressOf(Address account, ulong nonce) => new(
        Hash32.Of(RlpEncoder.Encode(new RlpItem([new RlpItem(account.ToBytes()), RlpItem.Of(nonce)]))).ToBytes().AsSpan(12));

    /// <summary>Lets what the account has under way come to its end, because it takes the nonces that addresses are made of.</summary>
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var intent in await transactions.UnacknowledgedAsync(cancellationToken))
        {
            try
            {
                await transactions.WaitAsync(intent.Key, cancellationToken);
            }
            catch (TransactionException)
            {
                // It has ended, and whoever wanted it will be told why.
            }
        }
    }

    private async Task<Address> DeployAsync(string name, ulong nonce, byte[] code, CancellationToken cancellationToken)
    {
        TransactionStatus status;
        try
        {
            status = await transactions.SendAsync(
                new TransactionIntent { Key = $"deploy/{name}/{nonce}/{Hash32.Of(code)}", To = null, Data = code }, cancellationToken);
        }
        catch (TransactionRevertedException error)
        {
            throw ContractRevertException.Of(error);
        }

        return status.Nonce == nonce
            ? AddressOf(deployer, nonce)
            : throw new DeploymentException(
                $"The {name} was deployed with nonce {status.Nonce} and not {nonce}: another program uses the account {deployer}."
                + " Stop it and deploy again.");
    }

    private Task<ulong> NonceAsync(CancellationToken cancellationToken) =>
        rpc.AskAsync(ChainQueries.TransactionCount(deployer, BlockTag.Latest), cancellationToken);

    private static RegistryParameters Registry(DeploymentParameters parameters, Address token, Address court) => new(
        token, court, parameters.MinMinerStake, parameters.MinValidatorStake, Seconds(parameters.UnbondingDelay),
        Seconds(parameters.DisputeWindow), Seconds(parameters.CaseTime), Seconds(parameters.EpochLength),
        parameters.MaxValidators);

    private static CourtParameters Court(DeploymentParameters parameters, Address token, Address registry) => new(
        Token: token, Registry: registry, AccusationBond: parameters.AccusationBond, AppealBond: parameters.AppealBond,
        DemandBond: parameters.DemandBond, SeatFee: parameters.SeatFee, CaseCap: parameters.CaseCap,
        DoubleReceiptShare: parameters.DoubleReceiptShare, FalseRevealShare: parameters.FalseRevealShare,
        MissedDutyShare: parameters.MissedDutyShare, GuiltyShare: parameters.GuiltyShare,
        PanelSize: parameters.PanelSize, AppealPanelSize: parameters.AppealPanelSize, DisputeWindow: Seconds(parameters.DisputeWindow),
        EntropyWindow: Seconds(parameters.EntropyWindow), CommitWindow: Seconds(parameters.CommitWindow),
        RevealWindow: Seconds(parameters.RevealWindow), AppealWindow: Seconds(parameters.AppealWindow),
        CaseTime: Seconds(parameters.CaseTime));

    private static ulong Seconds(TimeSpan time) => checked((ulong)time.TotalSeconds);
}
