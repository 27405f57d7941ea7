namespace BTTInferGrid.Grains.Placing;

/// <summary>How miners are compared.</summary>
public sealed class PlacementOptions
{
    /// <summary>
    /// Seconds that a developer would rather wait than pay one BTT more; at least 0. With 0 price does not count.
    /// </summary>
    public double SecondsPerBtt { get; set; } = 1;

    /// <summary>
    /// A miner whose cost is at most this part above the lowest may be drawn in its place, so that jobs that arrive
    /// together at several core silos do not all take the same one; at least 0.
    /// </summary>
    public double Margin { get; set; } = 0.1;

    /// <summary>Tokens that an answer is expected to have, if its limit is not lower.</summary>
    public int ExpectedOutputTokens { get; set; } = 256;

    /// <summary>Prompt beginnings that are remembered for each model, about; see <c>PrefixIndex</c>.</summary>
    public int RememberedPrefixes { get; set; } = 1 << 17;

    /// <summary>A job that has not ended after this long is forgotten: whoever ran it is gone.</summary>
    public TimeSpan JobTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A miner of which nothing was heard for so long is gone: its record, which tells of it every second, was lost with its silo.
    /// </summary>
    public TimeSpan SilentFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a miner that is gone is still listed.</summary>
    public TimeSpan GoneFor { get; set; } = TimeSpan.FromHours(1);
}
