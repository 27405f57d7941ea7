using Orleans.Embedded.Activations;

namespace Orleans.Embedded;

/// <summary>Fencing tokens of grains.</summary>
public static class FencingTokenExtensions
{
    /// <summary>
    /// A number that is higher than that of every activation which the grain had before. What lies outside of the
    /// cluster and takes orders from the grain should remember the highest token seen, and refuse orders with a lower
    /// one: they come from an activation that was replaced and does not know yet.
    /// </summary>
    /// <param name="grain">The grain.</param>
    /// <exception cref="ArgumentException">The object is not a grain that the runtime made.</exception>
    public static long GetFencingToken(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.GrainContext is Activation activation
            ? activation.FencingToken
            : throw new ArgumentException("Only a grain that the runtime made has a fencing token.", nameof(grain));
    }
}
