using Orleans.Runtime;

namespace Orleans;

/// <summary>Identity and typed references of grains.</summary>
public static class GrainExtensions
{
    /// <summary>Makes a reference of another interface to the same grain.</summary>
    /// <typeparam name="TGrainInterface">The grain interface wanted.</typeparam>
    /// <param name="grain">A grain instance or a reference.</param>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        return (TGrainInterface)ReferenceTo(grain).CastTo(typeof(TGrainInterface));
    }

    /// <inheritdoc cref="AsReference{TGrainInterface}" />
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain)
    {
        return grain.AsReference<TGrainInterface>();
    }

    /// <summary>The id of the grain.</summary>
    /// <param name="grain">A grain instance or a reference.</param>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: { } context } => context.GrainId,
            null => throw new ArgumentNullException(nameof(grain)),
            _ => throw NotAGrain(grain),
        };
    }

    /// <summary>The key of a grain with a string key.</summary>
    /// <param name="grain">A grain instance or a reference.</param>
    public static string GetPrimaryKeyString(this IAddressable grain)
    {
        return grain.GetGrainId().Key.ToString();
    }

    /// <summary>The key of a grain with a GUID as its key.</summary>
    /// <param name="grain">A grain instance or a reference.</param>
    /// <exception cref="ArgumentException">The grain's key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        return grain.GetGrainId().GetGuidKey();
    }

    /// <summary>The key of a grain with an integer key.</summary>
    /// <param name="grain">A grain instance or a reference.</param>
    /// <exception cref="ArgumentException">The grain's key is not an integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        return grain.GetGrainId().GetIntegerKey();
    }

    private static GrainReference ReferenceTo(IAddressable grain)
    {
        return grain switch
        {
            GrainReference reference => reference,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            null => throw new ArgumentNullException(nameof(grain)),
            _ => throw NotAGrain(grain),
        };
    }

    private static ArgumentException NotAGrain(IAddressable grain)
    {
        return new ArgumentException(
            $"{grain.GetType()} is neither a grain reference nor a grain that a silo activated.", nameof(grain));
    }
}
