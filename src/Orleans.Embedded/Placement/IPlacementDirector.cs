namespace Orleans.Runtime.Placement;

/// <summary>Chooses silos for the grains of one strategy. It runs in silos, never in clients.</summary>
public interface IPlacementDirector
{
    /// <summary>
    /// The name of a value of the <see cref="RequestContext"/>: the <see cref="SiloAddress"/> that a new activation
    /// should go to.
    /// </summary>
    const string PlacementHintKey = nameof(PlacementHintKey);

    /// <summary>Chooses the silo for a grain that is not active.</summary>
    /// <param name="strategy">The strategy, as the attribute of the grain class has it.</param>
    /// <param name="target">The grain, and the request that it is activated for.</param>
    /// <param name="context">The silos there are.</param>
    /// <returns>One of the compatible silos.</returns>
    Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);

    /// <summary>The silo that the caller asks for, or null if it asks for none of these.</summary>
    /// <param name="requestContextData">The values that came with the request.</param>
    /// <param name="compatibleSilos">The silos to choose from.</param>
    static SiloAddress? GetPlacementHint(
        Dictionary<string, object> requestContextData, SiloAddress[] compatibleSilos)
    {
        ArgumentNullException.ThrowIfNull(compatibleSilos);
        return requestContextData?.GetValueOrDefault(PlacementHintKey) is SiloAddress hint
            && compatibleSilos.Contains(hint) ? hint : null;
    }
}
