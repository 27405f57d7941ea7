using System.Collections.Immutable;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>Keys with values: a block of their number, how keys and values stand on the wire, and the pairs.</summary>
internal abstract class MapCodec<TMap, TKey, TValue>(Codec<TKey> key, Codec<TValue> value) : Codec<TMap>
    where TMap : class, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    internal sealed override WireType WireType => WireType.Block;

    internal sealed override void Write(WireWriter writer, TMap map)
    {
        var start = writer.BeginBlock();
        writer.WriteVarint((ulong)map.Count);
        ItemFormat.WriteHead(writer, key);
        ItemFormat.WriteHead(writer, value);
        foreach (var (one, item) in map)
        {
            ItemFormat.Write(writer, key, one);
            ItemFormat.Write(writer, value, item);
        }

        writer.EndBlock(start);
    }

    internal sealed override TMap Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var count = block.ReadCount(minBytes: 2);
        var isKeyOptional = ItemFormat.ReadHead(ref block, key);
        var isValueOptional = ItemFormat.ReadHead(ref block, value);
        var pairs = new Dictionary<TKey, TValue>(count);
        for (var i = 0; i < count; i++)
        {
            var one = ItemFormat.Read(ref block, key, isKeyOptional)
                ?? throw new SerializerException($"A key of type {typeof(TKey)} is missing.");
            pairs[one] = ItemFormat.Read(ref block, value, isValueOptional);
        }

        return Make(pairs);
    }

    protected IEnumerable<KeyValuePair<TKey, TValue>> CopyPairs(TMap map, CopyScope scope)
    {
        var inner = scope.Deeper();
        foreach (var (one, item) in map)
        {
            yield return new(key.Copy(one, inner), value.Copy(item, inner));
        }
    }

    protected abstract TMap Make(Dictionary<TKey, TValue> pairs);
}

internal sealed class DictionaryCodec<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
    : MapCodec<Dictionary<TKey, TValue>, TKey, TValue>(key, value)
    where TKey : notnull
{
    internal override Dictionary<TKey, TValue> CopyValue(Dictionary<TKey, TValue> value, CopyScope scope)
    {
        return new Dictionary<TKey, TValue>(CopyPairs(value, scope), value.Comparer);
    }

    protected override Dictionary<TKey, TValue> Make(Dictionary<TKey, TValue> pairs)
    {
        return pairs;
    }
}

internal sealed class ImmutableDictionaryCodec<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
    : MapCodec<ImmutableDictionary<TKey, TValue>, TKey, TValue>(key, value)
    where TKey : notnull
{
    internal override bool IsImmutable { get; } = key.IsImmutable && value.IsImmutable;

    internal override ImmutableDictionary<TKey, TValue> CopyValue(
        ImmutableDictionary<TKey, TValue> value, CopyScope scope)
    {
        return CopyPairs(value, scope).ToImmutableDictionary(value.KeyComparer, value.ValueComparer);
    }

    protected override ImmutableDictionary<TKey, TValue> Make(Dictionary<TKey, TValue> pairs)
    {
        return pairs.ToImmutableDictionary();
    }
}
