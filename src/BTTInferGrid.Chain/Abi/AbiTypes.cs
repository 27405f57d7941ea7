using System.Collections.Immutable;
using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Abi;

/// <summary>The types of the contract ABI.</summary>
internal static class AbiTypes
{
    public static AbiCodec<BigInteger> UInt256 { get; } = UInt(256);

    public static AbiCodec<Address> Address { get; } = new AddressCodec();

    public static AbiCodec<bool> Bool { get; } = new BoolCodec();

    public static AbiCodec<Hash32> Bytes32 { get; } = new Hash32Codec();

    public static AbiCodec<byte[]> Bytes { get; } = new BytesCodec();

    public static AbiCodec<string> String { get; } = new StringCodec();

    public static AbiCodec<byte> UInt8 { get; } = new SmallUIntCodec<byte>(8);

    /// <param name="bits">16 to 32.</param>
    public static AbiCodec<uint> UIntOf32(int bits) => new SmallUIntCodec<uint>(bits);

    /// <param name="bits">40 to 64.</param>
    public static AbiCodec<ulong> UIntOf64(int bits) => new SmallUIntCodec<ulong>(bits);

    public static AbiCodec<BigInteger> UInt(int bits) => new UIntCodec(bits);

    public static AbiCodec<BigInteger> Int(int bits) => new IntCodec(bits);

    /// <param name="length">1 to 31.</param>
    public static AbiCodec<byte[]> FixedBytes(int length) => new FixedBytesCodec(length);

    public static AbiCodec<ImmutableArray<T>> ArrayOf<T>(AbiCodec<T> element) => new ArrayCodec<T>(element);

    public static AbiCodec<ImmutableArray<T>> ArrayOf<T>(AbiCodec<T> element, int length) =>
        new FixedArrayCodec<T>(element, length);
}
