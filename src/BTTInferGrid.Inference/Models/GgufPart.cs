using System.Text;
using System.Text.Unicode;

namespace BTTInferGrid.Inference;

/// <summary>One physical file of a model: its head is read and checked, its tensors' data only located.</summary>
/// <remarks>
/// Layout, little endian: "GGUF", version (u32), number of tensors (u64), number of metadata entries (u64), the
/// entries, the tensor table, padding to the alignment, and the data of each tensor, each padded to the alignment.
/// </remarks>
internal sealed class GgufPart
{
    private const ulong MostTensors = 1 << 14;
    private const ulong MostEntries = 1 << 12;
    private const uint LeastEntryBytes = 13;
    private const uint LeastTensorBytes = 33;
    private const uint MostKeyBytes = 256;
    private const uint MostTensorNameBytes = 63;
    private const uint MostTextBytes = 16 << 20;
    private const uint MostElementTextBytes = 1 << 16;
    private const uint MostElements = 1 << 24;

    private readonly GgufCursor _cursor;
    private readonly int _index;

    private GgufPart(GgufCursor cursor, int index)
    {
        _cursor = cursor;
        _index = index;
        var (tensors, entries) = ReadCounts();
        Metadata = ReadMetadata(entries);
        Tensors = ReadTensors(tensors, ReadAlignment());
    }

    public string Path => _cursor.Path;

    public long Bytes => _cursor.Length;

    public GgufMetadata Metadata { get; }

    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <exception cref="ModelFileException">The file is not well formed.</exception>
    public static GgufPart Read(Stream stream, string path, int index) => new(new GgufCursor(stream, path), index);

    private (ulong Tensors, ulong Entries) ReadCounts()
    {
        if (!_cursor.Take(4, "magic").SequenceEqual("GGUF"u8))
        {
            _cursor.Fail("magic", 0, "is not 'GGUF'; only GGUF files can be loaded");
        }

        var version = _cursor.UInt32("version");
        if (version is not (2 or 3))
        {
            _cursor.Fail("version", 4, $"is {version}; versions 2 and 3, little endian, are known");
        }

        var tensors = Count("tensor count", MostTensors, LeastTensorBytes);
        return (tensors, Count("metadata count", MostEntries, LeastEntryBytes));
    }

    private ulong Count(string part, ulong most, uint leastBytes)
    {
        var offset = _cursor.Position;
        var count = _cursor.UInt64(part);
        if (count > most || count * leastBytes > (ulong)(_cursor.Length - _cursor.Position))
        {
            _cursor.Fail(
                part, offset, $"is {count}; the most is {most}, and the file has {_cursor.Length} bytes to hold them");
        }

        return count;
    }

    private GgufMetadata ReadMetadata(ulong count)
    {
        var entries = new OrderedDictionary<string, Entry>(StringComparer.Ordinal);
        for (var i = 0UL; i < count; i++)
        {
            _cursor.Where = "metadata";
            var start = _cursor.Position;
            var key = Name("key", MostKeyBytes);
            _cursor.Where = key;
            if (!entries.TryAdd(key, ReadEntry()))
            {
                _cursor.Fail("", start, "appears twice");
            }
        }

        var head = _cursor.Buffer;
        var values = new OrderedDictionary<string, GgufValue>(entries.Count, StringComparer.Ordinal);
        foreach (var (key, entry) in entries)
        {
            var data = head[entry.Start..entry.End];
            values.Add(key, new GgufValue(entry.Type, entry.ElementType, entry.Count, entry.Start, data));
        }

        return new GgufMetadata(Path, values);
    }

    private Entry ReadEntry()
    {
        var type = ReadType("type");
        if (type != GgufValueType.List)
        {
            var start = _cursor.Position + (type == GgufValueType.Text ? 8 : 0);
            ReadElements(type, 1);
            return new Entry(type, type, 1, start, _cursor.Position);
        }

        var elementType = ReadType("element type");
        if (elementType == GgufValueType.List)
        {
            _cursor.Fail("element type", _cursor.Position - 4, "is a list; lists of lists are not known");
        }

        var count = _cursor.UInt64("count");
        var least = (ulong)(elementType == GgufValueType.Text ? 8 : GgufValue.SizeOf(elementType));
        if (count > MostElements || count * least > (ulong)(_cursor.Length - _cursor.Position))
        {
            _cursor.Fail("count", _cursor.Position - 8, $"is {count}, more than the file can hold");
        }

        var first = _cursor.Position;
        ReadElements(elementType, count, inList: true);
        return new Entry(GgufValueType.List, elementType, (int)count, first, _cursor.Position);
    }

    private GgufValueType ReadType(string part)
    {
        var type = _cursor.UInt32(part);
        if (type > (uint)GgufValueType.F64)
        {
            _cursor.Fail(part, _cursor.Position - 4, $"is {type}, which no known type has");
        }

        return (GgufValueType)type;
    }

    private void ReadElements(GgufValueType type, ulong count, bool inList = false)
    {
        if (type == GgufValueType.Text)
        {
            for (var i = 0UL; i < count; i++)
            {
                ReadText(inList);
            }

            return;
        }

        var bytes = _cursor.Take(count * (ulong)GgufValue.SizeOf(type), "value");
        if (type == GgufValueType.Bool && bytes.ContainsAnyExcept((byte)0, (byte)1))
        {
            _cursor.Fail("value", _cursor.Position - bytes.Length, "is neither 0 nor 1");
        }
    }

    private void ReadText(bool inList)
    {
        var text = _cursor.Text("value", inList ? MostElementTextBytes : MostTextBytes);
        if (!Utf8.IsValid(text))
        {
            _cursor.Fail("value", _cursor.Position - text.Length, "is not UTF-8");
        }

        // Native code reads a single text up to its first zero, so what follows would be hidden from it.
        if (!inList && text.Contains((byte)0))
        {
            _cursor.Fail("value", _cursor.Position - text.Length, "contains a zero");
        }
    }

    private ulong ReadAlignment()
    {
        const string Key = "general.alignment";
        if (!Metadata.TryGet(Key, out var value))
        {
            return 32;
        }

        // Tensors are used where they lie in the mapped file, and ggml's buffers begin at multiples of 32.
        var alignment = value.Type == GgufValueType.U32 ? value.Whole() : 0;
        return alignment is >= 32 and <= 65536 && (alignment & (alignment - 1)) == 0
            ? (ulong)alignment
            : throw Metadata.Wrong(Key, "is not a power of two from 32 to 65536 in 32 bits without sign");
    }

    private GgufTensor[] ReadTensors(ulong count, ulong alignment)
    {
        var rows = new List<GgufTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var expected = 0UL;
        for (var i = 0UL; i < count; i++)
        {
            _cursor.Where = "tensor";
            var start = _cursor.Position;
            var name = Name("name", MostTensorNameBytes);
            _cursor.Where = name;
            if (!names.Add(name))
            {
                _cursor.Fail("", start, "appears twice in the tensor table");
            }

            var row = ReadTensor(name);
            var offset = (ulong)row.Offset;
            if (offset != expected)
            {
                _cursor.Fail(
                    "offset", _cursor.Position - 8, $"is {offset}; the tensors before it end at {expected}");
            }

            expected += Padded((ulong)row.Bytes, alignment);
            rows.Add(row);
        }

        var data = Padded((ulong)_cursor.Position, alignment);
        return [.. rows.Select(row => Placed(row, (long)data))];
    }

    private GgufTensor ReadTensor(string name)
    {
        var rank = _cursor.UInt32("dimensions");
        if (rank is 0 or > 4)
        {
            _cursor.Fail("dimensions", _cursor.Position - 4, $"are {rank}; a tensor has one to four");
        }

        var dimensions = new long[rank];
        var elements = 1UL;
        var most = (ulong)_cursor.Length * 8;
        for (var d = 0; d < rank; d++)
        {
            var size = _cursor.UInt64("dimension");
            if (size == 0 || size > most / elements)
            {
                _cursor.Fail("dimension", _cursor.Position - 8, $"is {size}, which the file cannot hold");
            }

            elements *= size;
            dimensions[d] = (long)size;
        }

        var id = _cursor.UInt32("type");
        if (!GgufTensorType.All.TryGetValue(id, out var type))
        {
            _cursor.Fail("type", _cursor.Position - 4, $"is {id}, which is no known type of weights");
        }

        if (dimensions[0] % type.BlockElements != 0)
        {
            _cursor.Fail(
                "dimension", _cursor.Position - 4, $"is {dimensions[0]}, no multiple of {type}'s {type.BlockElements}");
        }

        var bytes = elements / (ulong)type.BlockElements * (ulong)type.BlockBytes;
        var offset = _cursor.UInt64("offset");
        if (bytes > (ulong)_cursor.Length || offset > (ulong)_cursor.Length)
        {
            _cursor.Fail("offset", _cursor.Position - 8, $"is {offset} for {bytes} bytes, outside the file");
        }

        return new GgufTensor(name, type, dimensions, _index, (long)offset, (long)bytes);
    }

    private GgufTensor Placed(GgufTensor row, long data)
    {
        var start = data + row.Offset;
        return start + row.Bytes <= Bytes
            ? row with { Offset = start }
            : throw new ModelFileException(
                Path, row.Name, start, $"takes {row.Bytes} bytes, but the file has {Math.Max(0, Bytes - start)} there");
    }

    /// <summary>A key or a tensor's name: printable ASCII, which is also a whole C string.</summary>
    private string Name(string part, uint most)
    {
        var name = _cursor.Text(part, most);
        if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            _cursor.Fail(part, _cursor.Position - name.Length, "is empty or not printable ASCII");
        }

        return Encoding.ASCII.GetString(name);
    }

    private static ulong Padded(ulong bytes, ulong alignment) => (bytes + alignment - 1) / alignment * alignment;

    private readonly record struct Entry(
        GgufValueType Type, GgufValueType ElementType, int Count, int Start, int End);
}
