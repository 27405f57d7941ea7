namespace Orleans;

/// <summary>What a grain may ask of its own activation, for grain classes with any base.</summary>
public static partial class GrainBaseExtensions
{
    /// <summary>
    /// Ends the grain's activation once the requests that run now have finished. Requests still queued, and later ones,
    /// go to a new activation.
    /// </summary>
    /// <param name="grain">The grain itself.</param>
    public static void DeactivateOnIdle(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        grain.GrainContext.Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));
    }
}
