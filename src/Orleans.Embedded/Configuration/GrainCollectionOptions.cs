namespace Orleans.Configuration;

/// <summary>When activations that nobody uses end.</summary>
public class GrainCollectionOptions
{
    /// <summary>
    /// How long an activation is idle before it ends, unless its class has a <see cref="CollectionAgeLimitAttribute"/>.
    /// 15 minutes; more than <see cref="CollectionQuantum"/>.
    /// </summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How often idle activations are looked for: an activation ends up to this much later than its age says. 1 minute;
    /// more than 0.
    /// </summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the grain's own code may hold up the end of its activation. 30 seconds.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
