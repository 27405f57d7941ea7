using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Tests.Randomness;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Tests.Signing;

/// <summary>Transactions with values of all sizes.</summary>
internal static class RandomTransactions
{
    public static UnsignedTransaction Next(TestRandom random)
    {
        var chainId = 1 + (ulong)random.Number(52);
        var fee = random.Number(256);
        BigInteger? priorityFee = random.Flip() ? BigInteger.Min(random.Number(256), fee) : null;
        Address? to = random.Next(4) > 0 ? new Address(random.Bytes(Address.Bytes)) : null;
        return new UnsignedTransaction(
            chainId, (ulong)random.Number(53), to, random.Number(256),
            random.BytesUpTo(300), (ulong)random.Number(63), new TransactionFees(fee, priorityFee));
    }
}
