using Orleans.Concurrency;

namespace Orleans.Embedded.Serialization;

/// <summary>A value that may be missing.</summary>
internal sealed class NullableCodec<T>(Codec<T> inner) : Codec<T?>
    where T : struct
{
    internal override WireType WireType => inner.WireType;

    internal override bool IsImmutable => inner.IsImmutable;

    internal override void Write(WireWriter writer, T? value)
    {
        inner.Write(writer, value!.Value);
    }

    internal override T? Read(ref WireReader reader)
    {
        return inner.Read(ref reader);
    }

    internal override T? CopyValue(T? value, CopyScope scope)
    {
        return inner.Copy(value!.Value, scope);
    }
}

/// <summary>A value that nobody changes, whatever its type, so that it is its own copy.</summary>
internal sealed class UnchangedCodec<T>(Codec<T> inner) : Codec<T>
{
    internal override WireType WireType => inner.WireType;

    internal override bool IsImmutable => true;

    internal override bool CanBeNull => inner.CanBeNull;

    internal override bool IsNull(T value)
    {
        return inner.IsNull(value);
    }

    internal override void Write(WireWriter writer, T value)
    {
        inner.Write(writer, value);
    }

    internal override T Read(ref WireReader reader)
    {
        return inner.Read(ref reader);
    }
}

/// <summary>A value in the wrapper that says that nobody changes it.</summary>
internal sealed class ImmutableWrapperCodec<T>(Codec<T> inner) : Codec<Immutable<T>>
{
    internal override WireType WireType => inner.WireType;

    internal override bool IsImmutable => true;

    internal override bool CanBeNull => inner.CanBeNull;

    internal override bool IsNull(Immutable<T> value)
    {
        return inner.IsNull(value.Value);
    }

    internal override void Write(WireWriter writer, Immutable<T> value)
    {
        inner.Write(writer, value.Value);
    }

    internal override Immutable<T> Read(ref WireReader reader)
    {
        return new Immutable<T>(inner.Read(ref reader));
    }
}
