using System.Diagnostics.Metrics;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>Borders of histograms: those that the semantic conventions advise, with finer ones for fast models.</summary>
internal static class Buckets
{
    public static InstrumentAdvice<double> Duration { get; } = Of(
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

    public static InstrumentAdvice<double> FirstToken { get; } = Of(
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

    public static InstrumentAdvice<double> PerToken { get; } = Of(
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);

    public static InstrumentAdvice<long> Tokens { get; } = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576],
    };

    private static InstrumentAdvice<double> Of(params double[] borders) => new() { HistogramBucketBoundaries = borders };
}
