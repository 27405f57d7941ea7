using System.Text;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Testing.Models;

/// <summary>Writes a GGUF file from metadata and tensors, as they are: it checks nothing.</summary>
public sealed class GgufWriter
{
    private readonly List<WrittenTensor> _tensors = [];

    /// <summary>Keys and values: numbers, booleans, texts, and arrays of them.</summary>
    public OrderedDictionary<string, object> Metadata { get; } = [];

    /// <summary>The tensors, in the order of the file.</summary>
    public IList<WrittenTensor> Tensors => _tensors;

    public uint Alignment { get; set; } = 32;

    /// <summary>The metadata and tensors of a file, to be changed and written again.</summary>
    public static GgufWriter Copy(GgufFile file)
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in file.Metadata.Entries)
        {
            writer.Metadata[key] = Boxed(value);
        }

        foreach (var tensor in file.Tensors)
        {
            writer.Tensors.Add(WrittenTensor.Of(file, tensor));
        }

        return writer;
    }

    /// <summary>What the writer takes for a value that was read.</summary>
    public static object Boxed(GgufValue value)
    {
        if (value.ElementType == GgufValueType.Text)
        {
            return value.IsArray ? value.Texts().ToArray() : value.Text();
        }

        if (!value.IsArray)
        {
            return Number(value, 0);
        }

        var numbers = Enumerable.Range(0, value.Count).Select(i => Number(value, i)).ToArray();
        var typed = Array.CreateInstance(Number(value.ElementType).GetType(), numbers.Length);
        numbers.CopyTo(typed, 0);
        return typed;
    }

    public void Write(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Write(file);
    }

    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3U);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)Metadata.Count);
        foreach (var (key, value) in Metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }

        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            Text(writer, tensor.Name);
            writer.Write((uint)tensor.Dimensions.Count);
            foreach (var dimension in tensor.Dimensions)
            {
                writer.Write(dimension);
            }

            writer.Write(tensor.TypeId);
            writer.Write(tensor.Offset ?? offset);
            offset = Padded(offset + tensor.Bytes);
        }

        foreach (var tensor in _tensors)
        {
            Pad(writer);
            writer.Flush();
            tensor.WriteData(stream);
        }

        Pad(writer);
    }

    private static object Number(GgufValue value, int i) => value.ElementType switch
    {
        GgufValueType.Bool => value.Bool(i),
        GgufValueType.F32 => (float)value.Number(i),
        GgufValueType.F64 => value.Number(i),
        _ => Convert.ChangeType(value.Whole(i), Number(value.ElementType).GetType()),
    };

    private static object Number(GgufValueType type) => type switch
    {
        GgufValueType.U8 => default(byte),
        GgufValueType.I8 => default(sbyte),
        GgufValueType.U16 => default(ushort),
        GgufValueType.I16 => default(short),
        GgufValueType.U32 => default(uint),
        GgufValueType.I32 => default(int),
        GgufValueType.U64 => default(ulong),
        GgufValueType.I64 => default(long),
        GgufValueType.F32 => default(float),
        GgufValueType.F64 => default(double),
        GgufValueType.Bool => default(bool),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static GgufValueType TypeOf(object value) => value switch
    {
        byte => GgufValueType.U8,
        sbyte => GgufValueType.I8,
        ushort => GgufValueType.U16,
        short => GgufValueType.I16,
        uint => GgufValueType.U32,
        int => GgufValueType.I32,
        ulong => GgufValueType.U64,
        long => GgufValueType.I64,
        float => GgufValueType.F32,
        double => GgufValueType.F64,
        bool => GgufValueType.Bool,
        string => GgufValueType.Text,
        _ => throw new ArgumentException($"GGUF has no type for {value.GetType()}.", nameof(value)),
    };

    private static void Value(BinaryWriter writer, object value)
    {
        if (value is not Array list)
        {
            writer.Write((uint)TypeOf(value));
            Scalar(writer, value);
            return;
        }

        var element = list.GetType().GetElementType()!;
        writer.Write((uint)GgufValueType.List);
        writer.Write((uint)TypeOf(element == typeof(string) ? "" : Activator.CreateInstance(element)!));
        writer.Write((ulong)list.Length);
        foreach (var item in list)
        {
            Scalar(writer, item);
        }
    }

    private static void Scalar(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text: Text(writer, text); break;
            case bool flag: writer.Write(flag); break;
            case byte number: writer.Write(number); break;
            case sbyte number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            default: throw new ArgumentException($"GGUF has no type for {value.GetType()}.", nameof(value));
        }
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private long Padded(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private void Pad(BinaryWriter writer)
    {
        writer.Flush();
        var position = writer.BaseStream.Position;
        writer.Write(new byte[Padded(position) - position]);
    }
}
