using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace BTTInferGrid.Inference;

/// <summary>One metadata value of a model file. Text is decoded when it is asked for.</summary>
public sealed class GgufValue
{
    private readonly ReadOnlyMemory<byte> _data;

    internal GgufValue(GgufValueType type, GgufValueType elementType, int count, long offset, ReadOnlyMemory<byte> data)
    {
        Type = type;
        ElementType = elementType;
        Count = count;
        Offset = offset;
        _data = data;
    }

    /// <summary>Its type; <see cref="GgufValueType.List"/> for a list.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of a list's elements; of a single value its own.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>Elements of a list; 1 for a single value.</summary>
    public int Count { get; }

    /// <summary>Where the value begins, in bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>Whether it is a list.</summary>
    public bool IsArray => Type == GgufValueType.List;

    /// <summary>Whether it, or each of its elements, is a whole number.</summary>
    public bool IsInteger => ElementType is GgufValueType.U8 or GgufValueType.I8 or GgufValueType.U16
        or GgufValueType.I16 or GgufValueType.U32 or GgufValueType.I32 or GgufValueType.U64
        or GgufValueType.I64;

    /// <summary>Whether it, or each of its elements, is a floating-point number.</summary>
    public bool IsFloat => ElementType is GgufValueType.F32 or GgufValueType.F64;

    /// <summary>Bytes of a value of fixed size; 0 for text and lists.</summary>
    internal static int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.U8 or GgufValueType.I8 or GgufValueType.Bool => 1,
        GgufValueType.U16 or GgufValueType.I16 => 2,
        GgufValueType.U32 or GgufValueType.I32 or GgufValueType.F32 => 4,
        GgufValueType.U64 or GgufValueType.I64 or GgufValueType.F64 => 8,
        _ => 0,
    };

    /// <summary>A whole number. One beyond the range of <see cref="long"/> is given as its largest value.</summary>
    /// <param name="index">Which element of a list.</param>
    /// <exception cref="InvalidOperationException">It is no whole number.</exception>
    public long Whole(int index = 0)
    {
        var bytes = Element(index);
        return ElementType switch
        {
            GgufValueType.U8 => bytes[0],
            GgufValueType.I8 => (sbyte)bytes[0],
            GgufValueType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.U64 => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), long.MaxValue),
            GgufValueType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => throw Not("a whole number"),
        };
    }

    /// <summary>A floating-point number.</summary>
    /// <param name="index">Which element of a list.</param>
    /// <exception cref="InvalidOperationException">It is no floating-point number.</exception>
    public double Number(int index = 0) => ElementType switch
    {
        GgufValueType.F32 => BinaryPrimitives.ReadSingleLittleEndian(Element(index)),
        GgufValueType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(Element(index)),
        _ => throw Not("a floating-point number"),
    };

    /// <summary>Yes or no.</summary>
    /// <param name="index">Which element of a list.</param>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public bool Bool(int index = 0) =>
        ElementType == GgufValueType.Bool ? Element(index)[0] != 0 : throw Not("a yes or no");

    /// <summary>A text.</summary>
    /// <exception cref="InvalidOperationException">It is none, or a list.</exception>
    public string Text() =>
        Type == GgufValueType.Text ? Encoding.UTF8.GetString(_data.Span) : throw Not("one text");

    /// <summary>The texts of a list, decoded one by one.</summary>
    /// <exception cref="InvalidOperationException">It is no list of texts.</exception>
    public IEnumerable<string> Texts()
    {
        if (Type != GgufValueType.List || ElementType != GgufValueType.Text)
        {
            throw Not("a list of texts");
        }

        return Read();

        IEnumerable<string> Read()
        {
            for (var at = 0; at < _data.Length;)
            {
                yield return Encoding.UTF8.GetString(Next(ref at));
            }
        }
    }

    /// <summary>The next text of a list of texts, and moves to the one after it.</summary>
    internal ReadOnlySpan<byte> Next(scoped ref int at)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(_data.Span[at..]);
        at += 8 + length;
        return _data.Span.Slice(at - length, length);
    }

    /// <summary>The numbers of a list as the file holds them.</summary>
    internal ReadOnlySpan<T> Numbers<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_data.Span);

    private ReadOnlySpan<byte> Element(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var size = SizeOf(ElementType);
        return _data.Span.Slice(index * size, size);
    }

    private InvalidOperationException Not(string what) =>
        new($"The value is {(IsArray ? $"a list of {ElementType}" : ElementType.ToString())}, not {what}.");
}
