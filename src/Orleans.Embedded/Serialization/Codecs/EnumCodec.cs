using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>An enumeration by its numbers; those without a name are values like others.</summary>
internal sealed class EnumCodec<T> : Codec<T>
    where T : struct, Enum
{
    private static readonly bool IsUnsigned = Type.GetTypeCode(Enum.GetUnderlyingType(typeof(T)))
        is TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64;

    internal override WireType WireType => WireType.Varint;

    internal override bool IsImmutable => true;

    internal override void Write(WireWriter writer, T value)
    {
        writer.WriteSigned(ToInt64(value));
    }

    internal override T Read(ref WireReader reader)
    {
        var number = reader.ReadSigned();
        var value = FromInt64(number);
        return ToInt64(value) == number ? value : throw SerializerErrors.OutOfRange();
    }

    private static long ToInt64(T value)
    {
        return Unsafe.SizeOf<T>() switch
        {
            1 => IsUnsigned ? Unsafe.BitCast<T, byte>(value) : Unsafe.BitCast<T, sbyte>(value),
            2 => IsUnsigned ? Unsafe.BitCast<T, ushort>(value) : Unsafe.BitCast<T, short>(value),
            4 => IsUnsigned ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, int>(value),
            _ => Unsafe.BitCast<T, long>(value),
        };
    }

    private static T FromInt64(long number)
    {
        return Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.BitCast<byte, T>((byte)number),
            2 => Unsafe.BitCast<ushort, T>((ushort)number),
            4 => Unsafe.BitCast<uint, T>((uint)number),
            _ => Unsafe.BitCast<long, T>(number),
        };
    }
}
