using System.ComponentModel;
using System.Numerics;
using System.Text;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>The codecs of values without parts. Those of values with parts are in the other file.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Codecs
{
    /// <summary>The codec of <see cref="bool"/>.</summary>
    public static Codec<bool> Boolean { get; } = new ScalarCodec<bool>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value ? 1u : 0u),
        static (ref reader) => reader.ReadVarint() != 0);

    /// <summary>The codec of <see cref="byte"/>.</summary>
    public static Codec<byte> Byte { get; } = new ScalarCodec<byte>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value),
        static (ref reader) => Checked<byte>(reader.ReadVarint()));

    /// <summary>The codec of <see cref="sbyte"/>.</summary>
    public static Codec<sbyte> SByte { get; } = new ScalarCodec<sbyte>(
        WireType.Varint,
        static (writer, value) => writer.WriteSigned(value),
        static (ref reader) => Checked<sbyte>(reader.ReadSigned()));

    /// <summary>The codec of <see cref="short"/>.</summary>
    public static Codec<short> Int16 { get; } = new ScalarCodec<short>(
        WireType.Varint,
        static (writer, value) => writer.WriteSigned(value),
        static (ref reader) => Checked<short>(reader.ReadSigned()));

    /// <summary>The codec of <see cref="ushort"/>.</summary>
    public static Codec<ushort> UInt16 { get; } = new ScalarCodec<ushort>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value),
        static (ref reader) => Checked<ushort>(reader.ReadVarint()));

    /// <summary>The codec of <see cref="char"/>.</summary>
    public static Codec<char> Char { get; } = new ScalarCodec<char>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value),
        static (ref reader) => (char)Checked<ushort>(reader.ReadVarint()));

    /// <summary>The codec of <see cref="int"/>.</summary>
    public static Codec<int> Int32 { get; } = new ScalarCodec<int>(
        WireType.Varint,
        static (writer, value) => writer.WriteSigned(value),
        static (ref reader) => Checked<int>(reader.ReadSigned()));

    /// <summary>The codec of <see cref="uint"/>.</summary>
    public static Codec<uint> UInt32 { get; } = new ScalarCodec<uint>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value),
        static (ref reader) => Checked<uint>(reader.ReadVarint()));

    /// <summary>The codec of <see cref="long"/>.</summary>
    public static Codec<long> Int64 { get; } = new ScalarCodec<long>(
        WireType.Varint,
        static (writer, value) => writer.WriteSigned(value),
        static (ref reader) => reader.ReadSigned());

    /// <summary>The codec of <see cref="ulong"/>.</summary>
    public static Codec<ulong> UInt64 { get; } = new ScalarCodec<ulong>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint(value),
        static (ref reader) => reader.ReadVarint());

    /// <summary>The codec of <see cref="float"/>.</summary>
    public static Codec<float> Single { get; } = new ScalarCodec<float>(
        WireType.Fixed32,
        static (writer, value) => writer.WriteFixed32(BitConverter.SingleToUInt32Bits(value)),
        static (ref reader) => BitConverter.UInt32BitsToSingle(reader.ReadFixed32()));

    /// <summary>The codec of <see cref="double"/>.</summary>
    public static Codec<double> Double { get; } = new ScalarCodec<double>(
        WireType.Fixed64,
        static (writer, value) => writer.WriteFixed64(BitConverter.DoubleToUInt64Bits(value)),
        static (ref reader) => BitConverter.UInt64BitsToDouble(reader.ReadFixed64()));

    /// <summary>The codec of <see cref="decimal"/>.</summary>
    public static Codec<decimal> Decimal { get; } = new ScalarCodec<decimal>(
        WireType.Block,
        static (writer, value) => WriteDecimal(writer, value),
        static (ref reader) => ReadDecimal(ref reader));

    /// <summary>The codec of <see cref="string"/>.</summary>
    public static Codec<string> String { get; } = new ScalarCodec<string>(
        WireType.Block,
        static (writer, value) => writer.WriteText(value),
        static (ref reader) => Encoding.UTF8.GetString(reader.ReadBytes()));

    /// <summary>The codec of <see cref="System.Guid"/>.</summary>
    public static Codec<Guid> Guid { get; } = new ScalarCodec<Guid>(
        WireType.Block,
        static (writer, value) => writer.WriteBytes(value.ToByteArray()),
        static (ref reader) => new Guid(Exactly(reader.ReadBytes(), 16)));

    /// <summary>The codec of <see cref="System.TimeSpan"/>.</summary>
    public static Codec<TimeSpan> TimeSpan { get; } = new ScalarCodec<TimeSpan>(
        WireType.Varint,
        static (writer, value) => writer.WriteSigned(value.Ticks),
        static (ref reader) => new TimeSpan(reader.ReadSigned()));

    /// <summary>The codec of <see cref="System.DateTime"/>.</summary>
    public static Codec<DateTime> DateTime { get; } = new ScalarCodec<DateTime>(
        WireType.Fixed64,
        static (writer, value) => writer.WriteFixed64((ulong)value.ToBinary()),
        static (ref reader) => ReadDateTime(ref reader));

    /// <summary>The codec of <see cref="System.DateTimeOffset"/>.</summary>
    public static Codec<DateTimeOffset> DateTimeOffset { get; } = new ScalarCodec<DateTimeOffset>(
        WireType.Block,
        static (writer, value) => WriteDateTimeOffset(writer, value),
        static (ref reader) => ReadDateTimeOffset(ref reader));

    /// <summary>The codec of <see cref="System.DateOnly"/>.</summary>
    public static Codec<DateOnly> DateOnly { get; } = new ScalarCodec<DateOnly>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint((uint)value.DayNumber),
        static (ref reader) => ReadDateOnly(ref reader));

    /// <summary>The codec of <see cref="System.TimeOnly"/>.</summary>
    public static Codec<TimeOnly> TimeOnly { get; } = new ScalarCodec<TimeOnly>(
        WireType.Varint,
        static (writer, value) => writer.WriteVarint((ulong)value.Ticks),
        static (ref reader) => ReadTimeOnly(ref reader));

    /// <summary>The codec of <see cref="BigInteger"/>.</summary>
    public static Codec<BigInteger> BigInteger { get; } = new ScalarCodec<BigInteger>(
        WireType.Block,
        static (writer, value) => writer.WriteBytes(value.ToByteArray()),
        static (ref reader) => new BigInteger(reader.ReadBytes()));

    /// <summary>The codec of <see cref="System.Uri"/>.</summary>
    public static Codec<Uri> Uri { get; } = new ScalarCodec<Uri>(
        WireType.Block,
        static (writer, value) => writer.WriteText(value.OriginalString),
        static (ref reader) => ReadUri(ref reader));

    /// <summary>The codec of <see cref="SiloAddress"/>.</summary>
    public static Codec<SiloAddress> SiloAddress { get; } = new ScalarCodec<SiloAddress>(
        WireType.Block,
        static (writer, value) => writer.WriteText(value.ToParsableString()),
        static (ref reader) => ReadSiloAddress(ref reader));

    private static T Checked<T>(long value)
        where T : INumberBase<T>
    {
        try
        {
            return T.CreateChecked(value);
        }
        catch (OverflowException)
        {
            throw SerializerErrors.OutOfRange();
        }
    }

    private static T Checked<T>(ulong value)
        where T : INumberBase<T>
    {
        try
        {
            return T.CreateChecked(value);
        }
        catch (OverflowException)
        {
            throw SerializerErrors.OutOfRange();
        }
    }

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, int count)
    {
        return bytes.Length == count ? bytes : throw SerializerErrors.Truncated();
    }

    private static void WriteDecimal(WireWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var start = writer.BeginBlock();
        foreach (var part in parts)
        {
            writer.WriteFixed32((uint)part);
        }

        writer.EndBlock(start);
    }

    private static decimal ReadDecimal(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        Span<int> parts = stackalloc int[4];
        foreach (ref var part in parts)
        {
            part = (int)block.ReadFixed32();
        }

        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException error)
        {
            throw new SerializerException("The message has a decimal number that is none.", error);
        }
    }

    private static DateTime ReadDateTime(ref WireReader reader)
    {
        try
        {
            return System.DateTime.FromBinary((long)reader.ReadFixed64());
        }
        catch (ArgumentException error)
        {
            throw new SerializerException("The message has a time that is none.", error);
        }
    }

    private static void WriteDateTimeOffset(WireWriter writer, DateTimeOffset value)
    {
        var start = writer.BeginBlock();
        writer.WriteFixed64((ulong)value.Ticks);
        writer.WriteSigned(value.TotalOffsetMinutes);
        writer.EndBlock(start);
    }

    private static DateTimeOffset ReadDateTimeOffset(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var ticks = (long)block.ReadFixed64();
        var minutes = block.ReadSigned();
        try
        {
            return new DateTimeOffset(ticks, System.TimeSpan.FromMinutes(minutes));
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new SerializerException("The message has a time that is none.", error);
        }
    }

    private static DateOnly ReadDateOnly(ref WireReader reader)
    {
        var day = reader.ReadVarint();
        return day <= (ulong)System.DateOnly.MaxValue.DayNumber
            ? System.DateOnly.FromDayNumber((int)day)
            : throw SerializerErrors.OutOfRange();
    }

    private static TimeOnly ReadTimeOnly(ref WireReader reader)
    {
        var ticks = reader.ReadVarint();
        return ticks <= (ulong)System.TimeOnly.MaxValue.Ticks
            ? new TimeOnly((long)ticks)
            : throw SerializerErrors.OutOfRange();
    }

    private static Uri ReadUri(ref WireReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ReadBytes());
        return System.Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri)
            ? uri
            : throw new SerializerException("The message has an address that is no URI.");
    }

    private static SiloAddress ReadSiloAddress(ref WireReader reader)
    {
        return Orleans.Runtime.SiloAddress.TryParse(Encoding.UTF8.GetString(reader.ReadBytes()), out var silo)
            ? silo
            : throw new SerializerException("The message has an address that is no silo's.");
    }
}
