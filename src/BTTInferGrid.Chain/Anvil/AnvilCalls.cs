using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>What only a local chain's node can be asked.</summary>
public static class AnvilCalls
{
    /// <summary>Gives an account coins.</summary>
    /// <param name="account">The account.</param>
    /// <param name="wei">What it has then: 0 to 2^256 - 1.</param>
    public static RpcCall SetBalance(Address account, BigInteger wei) =>
        RpcCall.Repeatable("anvil_setBalance", account.ToString(), Quantity.Format(wei));
}
