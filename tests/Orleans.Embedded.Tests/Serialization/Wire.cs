using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Tests.Serialization;

/// <summary>Writes and reads values without a silo.</summary>
internal static class Wire
{
    public static Serializer Serializer { get; } = new(
        GrainAssemblies.Load(), new ServiceCollection().BuildServiceProvider());

    /// <summary>The generated codec of a class.</summary>
    public static Codec<T> CodecOf<T>()
        where T : class
    {
        return (Codec<T>)Serializer.Types.Find(typeof(T))!;
    }

    /// <summary>Writes a value as itself and reads it as another type.</summary>
    public static TTo Convert<TFrom, TTo>(TFrom value)
        where TFrom : class
        where TTo : class
    {
        return Serializer.Deserialize(CodecOf<TTo>(), Serializer.Serialize(CodecOf<TFrom>(), value));
    }

    public static T RoundTrip<T>(T value)
        where T : notnull
    {
        return (T)Serializer.Deserialize(Codecs.Object, Serializer.Serialize(Codecs.Object, value));
    }
}
