using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.References;

namespace Orleans.Embedded.Serialization;

/// <summary>Turns values into bytes and back, for one silo: references that are read are bound to it.</summary>
internal sealed class Serializer(GrainManifestIndex manifest, IServiceProvider services)
{
    private IReferenceRuntime? _references;

    public WireTypes Types => manifest.Types;

    /// <summary>Makes the references that are read; it is built on parts that need this serializer.</summary>
    public IReferenceRuntime References
    {
        get => _references ??= services.GetRequiredService<GrainCaller>();
        init => _references = value;
    }

    /// <summary>Whether exceptions are written without what they tell of the inside: stacks and causes.</summary>
    public bool HidesStacks { get; init; }

    /// <summary>A copy of a value; the value itself where it is immutable.</summary>
    public T Copy<T>(Codec<T> codec, T value)
    {
        return codec.IsImmutable ? value : codec.Copy(value, new CopyScope(this));
    }

    public byte[] Serialize<T>(Codec<T> codec, T value)
    {
        using var writer = new WireWriter(this);
        codec.WriteField(writer, 1, value);
        return writer.Written.ToArray();
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    public T Deserialize<T>(Codec<T> codec, ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes, this);
        return reader.TryReadField(out _, out var type)
            ? codec.ReadField(ref reader, type)
            : throw SerializerErrors.Truncated();
    }
}
