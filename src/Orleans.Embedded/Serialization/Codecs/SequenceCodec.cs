using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Items in order: a block of their number, how each stands on the wire (plus 8 if each says by a byte whether it is
/// there), and the items.
/// </summary>
internal abstract class SequenceCodec<TSequence, T>(Codec<T> item) : Codec<TSequence>
{
    internal sealed override WireType WireType => WireType.Block;

    protected Codec<T> Item => item;

    internal sealed override void Write(WireWriter writer, TSequence value)
    {
        var start = writer.BeginBlock();
        var items = ItemsOf(value);
        writer.WriteVarint((ulong)items.Length);
        ItemFormat.WriteHead(writer, item);
        foreach (var one in items)
        {
            ItemFormat.Write(writer, item, one);
        }

        writer.EndBlock(start);
    }

    internal sealed override TSequence Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var count = block.ReadCount(minBytes: 1);
        var isOptional = ItemFormat.ReadHead(ref block, item);
        if (count == 0)
        {
            return Make([]);
        }

        var items = new T[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = ItemFormat.Read(ref block, item, isOptional);
        }

        return Make(items);
    }

    internal override TSequence CopyValue(TSequence value, CopyScope scope)
    {
        return Make(CopyItems(value, scope));
    }

    protected T[] CopyItems(TSequence value, CopyScope scope)
    {
        var items = ItemsOf(value).ToArray();
        if (!item.IsImmutable)
        {
            var inner = scope.Deeper();
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = item.Copy(items[i], inner);
            }
        }

        return items;
    }

    protected abstract ReadOnlySpan<T> ItemsOf(TSequence value);

    /// <summary>Makes a sequence of items that nobody else has.</summary>
    protected abstract TSequence Make(T[] items);
}

/// <summary>How items of lists and maps stand on the wire.</summary>
internal static class ItemFormat
{
    private const byte Optional = 8;

    public static void WriteHead<T>(WireWriter writer, Codec<T> item)
    {
        writer.WriteVarint((byte)item.WireType | (item.CanBeNull ? Optional : 0u));
    }

    /// <summary>Whether each item says by a byte whether it is there.</summary>
    public static bool ReadHead<T>(ref WireReader reader, Codec<T> item)
    {
        var head = reader.ReadByte();
        var type = WireReader.ReadWireType((byte)(head & ~Optional));
        return type == item.WireType ? (head & Optional) != 0 : throw new SerializerException(
            $"Items of type {typeof(T)} cannot be read from {type}. The two sides do not agree on the type of a member.");
    }

    public static void Write<T>(WireWriter writer, Codec<T> item, T value)
    {
        if (item.CanBeNull)
        {
            var isNull = item.IsNull(value);
            writer.WriteVarint(isNull ? 0u : 1u);
            if (isNull)
            {
                return;
            }
        }

        item.Write(writer, value);
    }

    public static T Read<T>(ref WireReader reader, Codec<T> item, bool isOptional)
    {
        if (!isOptional || reader.ReadByte() != 0)
        {
            return item.Read(ref reader);
        }

        return item.CanBeNull
            ? default!
            : throw new SerializerException($"An item of type {typeof(T)} is missing, which it cannot be.");
    }
}

internal sealed class ArrayCodec<T>(Codec<T> item) : SequenceCodec<T[], T>(item)
{
    protected override ReadOnlySpan<T> ItemsOf(T[] value)
    {
        return value;
    }

    protected override T[] Make(T[] items)
    {
        return items;
    }
}

internal sealed class ListCodec<T>(Codec<T> item) : SequenceCodec<List<T>, T>(item)
{
    protected override ReadOnlySpan<T> ItemsOf(List<T> value)
    {
        return CollectionsMarshal.AsSpan(value);
    }

    protected override List<T> Make(T[] items)
    {
        return [.. items];
    }
}

internal sealed class HashSetCodec<T>(Codec<T> item) : SequenceCodec<HashSet<T>, T>(item)
{
    internal override HashSet<T> CopyValue(HashSet<T> value, CopyScope scope)
    {
        return new HashSet<T>(CopyItems(value, scope), value.Comparer);
    }

    protected override ReadOnlySpan<T> ItemsOf(HashSet<T> value)
    {
        return value.ToArray();
    }

    protected override HashSet<T> Make(T[] items)
    {
        return [.. items];
    }
}

internal sealed class ImmutableArrayCodec<T>(Codec<T> item) : SequenceCodec<ImmutableArray<T>, T>(item)
{
    internal override bool IsImmutable { get; } = item.IsImmutable;

    internal override bool CanBeNull => true;

    internal override bool IsNull(ImmutableArray<T> value)
    {
        return value.IsDefault;
    }

    protected override ReadOnlySpan<T> ItemsOf(ImmutableArray<T> value)
    {
        return value.AsSpan();
    }

    protected override ImmutableArray<T> Make(T[] items)
    {
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}

internal sealed class ImmutableListCodec<T>(Codec<T> item) : SequenceCodec<ImmutableList<T>, T>(item)
{
    internal override bool IsImmutable { get; } = item.IsImmutable;

    protected override ReadOnlySpan<T> ItemsOf(ImmutableList<T> value)
    {
        return value.ToArray();
    }

    protected override ImmutableList<T> Make(T[] items)
    {
        return [.. items];
    }
}
