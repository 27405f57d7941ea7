using System.Numerics;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Unsigned integers of any size.</summary>
/// <param name="bits">8, 16, … 256.</param>
internal sealed class UIntCodec(int bits) : AbiCodec<BigInteger>
{
    public override string Type { get; } = $"uint{bits}";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > bits)
        {
            throw new AbiException($"{value} is not a {Type}: it must be 0 or more and below 2^{bits}.");
        }

        var word = writer.HeadWord();
        value.TryWriteBytes(word[^value.GetByteCount(isUnsigned: true)..], out _, isUnsigned: true, isBigEndian: true);
    }

    internal override BigInteger Read(AbiReader reader)
    {
        var value = new BigInteger(reader.HeadWord(), isUnsigned: true, isBigEndian: true);
        return value.GetBitLength() <= bits ? value : throw new AbiException($"A {Type} is not below 2^{bits}.");
    }
}
