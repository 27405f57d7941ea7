using System.Numerics;
using System.Security.Cryptography;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Transactions;
using NBitcoin.Secp256k1;
using Org.BouncyCastle.Crypto.Digests;

namespace BTTInferGrid.Chain.Tests.Signing;

/// <summary>
/// Signs with a key in memory: EIP-155 and EIP-1559. A real node recovers the sender, so it checks the result.
/// </summary>
internal sealed class TestSigner : ITransactionSigner
{
    private readonly ECPrivKey _key;

    public TestSigner(ReadOnlySpan<byte> key)
    {
        _key = ECPrivKey.Create(key);
        var point = new byte[65];
        _key.CreatePubKey().WriteToSpan(compressed: false, point, out _);
        Address = Address.Parse(HexText.Format(Keccak(point.AsSpan(1)).AsSpan(12)));
    }

    public Address Address { get; }

    public static TestSigner Create()
    {
        return new TestSigner(RandomNumberGenerator.GetBytes(32));
    }

    public SignedTransaction Sign(UnsignedTransaction transaction)
    {
        var isLegacy = transaction.Fees.PriorityFee is null;
        byte[] type = isLegacy ? [] : [2];
        byte[][] fields = isLegacy
            ?
            [
                Rlp(transaction.Nonce), Rlp(transaction.Fees.MaxFee), Rlp(transaction.GasLimit), RlpTo(transaction),
                Rlp(transaction.Value), Rlp(transaction.Data.Span),
            ]
            :
            [
                Rlp(transaction.ChainId), Rlp(transaction.Nonce), Rlp(transaction.Fees.PriorityFee!.Value), Rlp(
                    transaction.Fees.MaxFee),
                Rlp(transaction.GasLimit), RlpTo(transaction), Rlp(transaction.Value), Rlp(transaction.Data.Span),
                RlpList(),
            ];
        byte[][] salt = isLegacy ? [Rlp(transaction.ChainId), Rlp(0), Rlp(0)] : [];
        var digest = Keccak([.. type, .. RlpList([.. fields, .. salt])]);
        if (!_key.TrySignRecoverable(digest, out var signature) || signature is null)
        {
            throw new CryptographicException("The key cannot sign.");
        }

        signature.Deconstruct(out var r, out var s, out var parity);
        var v = isLegacy ? (2 * (BigInteger)transaction.ChainId) + 35 + parity : parity;
        byte[] bytes = [.. type, .. RlpList([.. fields, Rlp(v), Rlp(Number(r.ToBytes())), Rlp(Number(s.ToBytes()))])];
        return new SignedTransaction(Hash32.Parse(HexText.Format(Keccak(bytes))), bytes);
    }

    private static byte[] Keccak(ReadOnlySpan<byte> bytes)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(bytes);
        var hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }

    private static byte[] RlpTo(UnsignedTransaction transaction)
    {
        return Rlp(transaction.To is { } to ? HexText.Parse(to.ToString(), 20) : []);
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes)
    {
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static byte[] Rlp(BigInteger value)
    {
        return Rlp(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    private static byte[] Rlp(ReadOnlySpan<byte> bytes)
    {
        return bytes.Length == 1 && bytes[0] < 0x80 ? [bytes[0]] : [.. RlpLength(0x80, bytes.Length), .. bytes];
    }

    private static byte[] RlpList(params byte[][] items)
    {
        byte[] content = [.. items.SelectMany(static item => item)];
        return [.. RlpLength(0xc0, content.Length), .. content];
    }

    private static byte[] RlpLength(int offset, int length)
    {
        if (length < 56)
        {
            return [(byte)(offset + length)];
        }

        var digits = ((BigInteger)length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + 55 + digits.Length), .. digits];
    }
}
