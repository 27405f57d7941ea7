using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.CodeGeneration;

public static partial class Codecs
{
    /// <summary>The codec of bytes.</summary>
    public static Codec<byte[]> ByteArray { get; } = new BytesCodec();

    /// <summary>The codec of bytes that are only read.</summary>
    public static Codec<ReadOnlyMemory<byte>> ReadOnlyBytes { get; } = new ReadOnlyMemoryCodec();

    /// <summary>The codec of bytes in memory.</summary>
    public static Codec<Memory<byte>> Bytes { get; } = new MemoryCodec();

    /// <summary>The codec of the id of a grain.</summary>
    public static Codec<GrainId> GrainId { get; } = new GrainIdCodec();

    /// <summary>The codec of the name of a kind of grain.</summary>
    public static Codec<GrainType> GrainType { get; } = new GrainTypeCodec();

    /// <summary>The codec of a reference without an interface.</summary>
    public static Codec<GrainReference> GrainReference { get; } = new ReferenceCodec<GrainReference>();

    /// <summary>The codec of exceptions of any type.</summary>
    public static ExceptionCodec<Exception> Exception { get; } =
        new PlainExceptionCodec<Exception>(static () => New<Exception>());

    /// <summary>The codec of a value of any type that messages may name.</summary>
    public static Codec<object> Object { get; } = new PolymorphicCodec<object>();

    /// <summary>The codec of an enumeration.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public static Codec<T> Enum<T>()
        where T : struct, Enum
    {
        return new EnumCodec<T>();
    }

    /// <summary>The codec of a value that may be missing.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="inner">Its codec.</param>
    public static Codec<T?> Nullable<T>(Codec<T> inner)
        where T : struct
    {
        return new NullableCodec<T>(inner);
    }

    /// <summary>The codec of a value that nobody changes.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="inner">Its codec.</param>
    public static Codec<T> Unchanged<T>(Codec<T> inner)
    {
        return new UnchangedCodec<T>(inner);
    }

    /// <summary>The codec of a value in a wrapper that says that nobody changes it.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="inner">Its codec.</param>
    public static Codec<Immutable<T>> Immutable<T>(Codec<T> inner)
    {
        return new ImmutableWrapperCodec<T>(inner);
    }

    /// <summary>The codec of an array.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="item">Their codec.</param>
    public static Codec<T[]> Array<T>(Codec<T> item)
    {
        return new ArrayCodec<T>(item);
    }

    /// <summary>The codec of a list.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="item">Their codec.</param>
    public static Codec<List<T>> List<T>(Codec<T> item)
    {
        return new ListCodec<T>(item);
    }

    /// <summary>The codec of a set.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="item">Their codec.</param>
    public static Codec<HashSet<T>> HashSet<T>(Codec<T> item)
    {
        return new HashSetCodec<T>(item);
    }

    /// <summary>The codec of an immutable array, which may be the default one.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="item">Their codec.</param>
    public static Codec<ImmutableArray<T>> ImmutableArray<T>(Codec<T> item)
    {
        return new ImmutableArrayCodec<T>(item);
    }

    /// <summary>The codec of an immutable list.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="item">Their codec.</param>
    public static Codec<ImmutableList<T>> ImmutableList<T>(Codec<T> item)
    {
        return new ImmutableListCodec<T>(item);
    }

    /// <summary>The codec of a dictionary.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="key">The codec of the keys.</param>
    /// <param name="value">The codec of the values.</param>
    public static Codec<Dictionary<TKey, TValue>> Dictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull
    {
        return new DictionaryCodec<TKey, TValue>(key, value);
    }

    /// <summary>The codec of an immutable dictionary.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="key">The codec of the keys.</param>
    /// <param name="value">The codec of the values.</param>
    public static Codec<ImmutableDictionary<TKey, TValue>> ImmutableDictionary<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull
    {
        return new ImmutableDictionaryCodec<TKey, TValue>(key, value);
    }

    /// <summary>The codec of a reference to a grain.</summary>
    /// <typeparam name="T">The grain interface.</typeparam>
    public static Codec<T> Reference<T>()
        where T : class, IAddressable
    {
        return new ReferenceCodec<T>();
    }

    /// <summary>The codec of 2 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    public static Codec<(T1, T2)> Tuple<T1, T2>(Codec<T1> item1, Codec<T2> item2)
    {
        return new TupleCodec<T1, T2>(item1, item2);
    }

    /// <summary>The codec of 3 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <typeparam name="T3">The type of item 3.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    /// <param name="item3">The codec of item 3.</param>
    public static Codec<(T1, T2, T3)> Tuple<T1, T2, T3>(Codec<T1> item1, Codec<T2> item2, Codec<T3> item3)
    {
        return new TupleCodec<T1, T2, T3>(item1, item2, item3);
    }

    /// <summary>The codec of 4 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <typeparam name="T3">The type of item 3.</typeparam>
    /// <typeparam name="T4">The type of item 4.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    /// <param name="item3">The codec of item 3.</param>
    /// <param name="item4">The codec of item 4.</param>
    public static Codec<(T1, T2, T3, T4)> Tuple<T1, T2, T3, T4>(
        Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4)
    {
        return new TupleCodec<T1, T2, T3, T4>(item1, item2, item3, item4);
    }

    /// <summary>The codec of 5 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <typeparam name="T3">The type of item 3.</typeparam>
    /// <typeparam name="T4">The type of item 4.</typeparam>
    /// <typeparam name="T5">The type of item 5.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    /// <param name="item3">The codec of item 3.</param>
    /// <param name="item4">The codec of item 4.</param>
    /// <param name="item5">The codec of item 5.</param>
    public static Codec<(T1, T2, T3, T4, T5)> Tuple<T1, T2, T3, T4, T5>(
        Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5)
    {
        return new TupleCodec<T1, T2, T3, T4, T5>(item1, item2, item3, item4, item5);
    }

    /// <summary>The codec of 6 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <typeparam name="T3">The type of item 3.</typeparam>
    /// <typeparam name="T4">The type of item 4.</typeparam>
    /// <typeparam name="T5">The type of item 5.</typeparam>
    /// <typeparam name="T6">The type of item 6.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    /// <param name="item3">The codec of item 3.</param>
    /// <param name="item4">The codec of item 4.</param>
    /// <param name="item5">The codec of item 5.</param>
    /// <param name="item6">The codec of item 6.</param>
    public static Codec<(T1, T2, T3, T4, T5, T6)> Tuple<T1, T2, T3, T4, T5, T6>(
        Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5, Codec<T6> item6)
    {
        return new TupleCodec<T1, T2, T3, T4, T5, T6>(item1, item2, item3, item4, item5, item6);
    }

    /// <summary>The codec of 7 values.</summary>
    /// <typeparam name="T1">The type of item 1.</typeparam>
    /// <typeparam name="T2">The type of item 2.</typeparam>
    /// <typeparam name="T3">The type of item 3.</typeparam>
    /// <typeparam name="T4">The type of item 4.</typeparam>
    /// <typeparam name="T5">The type of item 5.</typeparam>
    /// <typeparam name="T6">The type of item 6.</typeparam>
    /// <typeparam name="T7">The type of item 7.</typeparam>
    /// <param name="item1">The codec of item 1.</param>
    /// <param name="item2">The codec of item 2.</param>
    /// <param name="item3">The codec of item 3.</param>
    /// <param name="item4">The codec of item 4.</param>
    /// <param name="item5">The codec of item 5.</param>
    /// <param name="item6">The codec of item 6.</param>
    /// <param name="item7">The codec of item 7.</param>
    public static Codec<(T1, T2, T3, T4, T5, T6, T7)> Tuple<T1, T2, T3, T4, T5, T6, T7>(
        Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5, Codec<T6> item6, Codec<T7> item7)
    {
        return new TupleCodec<T1, T2, T3, T4, T5, T6, T7>(item1, item2, item3, item4, item5, item6, item7);
    }

    private static T New<T>()
        where T : new()
    {
        return new T();
    }
}
