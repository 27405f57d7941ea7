using System.Numerics;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Unsigned integers that fit one of .NET's own types.</summary>
/// <typeparam name="T">That type.</typeparam>
/// <param name="bits">8, 16, … 64, and no more than the type has.</param>
internal sealed class SmallUIntCodec<T>(int bits) : AbiCodec<T>
    where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>
{
    public override string Type { get; } = $"uint{bits}";

    public override bool IsDynamic => false;

    internal override void Write(AbiWriter writer, T value)
    {
        if (int.CreateTruncating(T.LeadingZeroCount(value)) < (value.GetByteCount() * 8) - bits)
        {
            throw new AbiException($"{value} is not a {Type}: it must be below 2^{bits}.");
        }

        value.WriteBigEndian(writer.HeadWord()[^value.GetByteCount()..]);
    }

    internal override T Read(AbiReader reader)
    {
        var word = reader.HeadWord();
        return word[..^(bits / 8)].ContainsAnyExcept((byte)0)
            ? throw new AbiException($"A {Type} is not below 2^{bits}.")
            : T.ReadBigEndian(word[^(bits / 8)..], isUnsigned: true);
    }
}
