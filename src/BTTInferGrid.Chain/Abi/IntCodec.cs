using System.Numerics;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Signed integers of any size, in two's complement.</summary>
/// <param name="bits">8, 16, … 256.</param>
internal sealed class IntCodec(int bits) : AbiCodec<BigInteger>
{
    public override string Type { get; } = $"int{bits}";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, BigInteger value)
    {
        // The bit length of a signed value leaves its sign out.
        if (value.GetBitLength() > bits - 1)
        {
            throw new AbiException($"{value} is not an {Type}: it must be within -2^{bits - 1} and 2^{bits - 1} - 1.");
        }

        var word = writer.HeadWord();
        word.Fill(value.Sign < 0 ? byte.MaxValue : (byte)0);
        value.TryWriteBytes(word[^value.GetByteCount()..], out _, isUnsigned: false, isBigEndian: true);
    }

    internal override BigInteger Read(AbiReader reader)
    {
        var value = new BigInteger(reader.HeadWord(), isUnsigned: false, isBigEndian: true);
        return value.GetBitLength() <= bits - 1
            ? value
            : throw new AbiException($"An {Type} is not within -2^{bits - 1} and 2^{bits - 1} - 1.");
    }
}
