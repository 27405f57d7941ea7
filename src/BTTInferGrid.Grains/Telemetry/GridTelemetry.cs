using System.Diagnostics;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>What a host listens to, to hear how the grid does.</summary>
public static class GridTelemetry
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Name = "BTTInferGrid";

    internal static readonly ActivitySource Spans = new(Name);
}
