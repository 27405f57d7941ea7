using System.ComponentModel.DataAnnotations;

namespace BTTInferGrid.Grains.Routing;

/// <summary>How miners are compared.</summary>
public sealed class RoutingOptions
{
    /// <summary>
    /// Seconds that a developer would rather wait than pay one BTT more; at least 0. With 0 price does not count.
    /// </summary>
    [Range(0.0, 1e6)]
    public double SecondsPerBtt { get; set; } = 1;

    /// <summary>
    /// A miner whose cost is at most this part above the lowest may be drawn in its place, so that jobs that arrive
    /// together at several core silos do not all take the same one; at least 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Margin { get; set; } = 0.1;

    /// <summary>Tokens that an answer is expected to have, if its limit is not lower.</summary>
    [Range(1, 1 << 20)]
    public int ExpectedOutputTokens { get; set; } = 256;

    /// <summary>Prompt beginnings that are remembered for each model, about; see <c>PrefixIndex</c>.</summary>
    [Range(1, 1 << 24)]
    public int RememberedPrefixes { get; set; } = 1 << 17;

    /// <summary>A job that has not ended after this long is forgotten: whoever ran it is gone.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan JobTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The miners of a silo that has not reported for so long are gone. Silos report every second, and are away for longer than
    /// that only when they are lost.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan SilentFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a miner that is gone is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan GoneFor { get; set; } = TimeSpan.FromHours(1);
}
