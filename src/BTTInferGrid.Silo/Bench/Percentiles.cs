using System.Globalization;

namespace BTTInferGrid.Silo.Bench;

/// <summary>Measured values in order, and what is told of them.</summary>
internal sealed class Percentiles
{
    private readonly List<double> _sorted;

    private Percentiles(List<double> sorted) => _sorted = sorted;

    public static Percentiles Of(IEnumerable<double> values) => new([.. values.Order()]);

    /// <summary>The value that so many percent of all are at or below; NaN when there is none.</summary>
    public double At(int percent) =>
        _sorted.Count == 0 ? double.NaN : _sorted[Math.Min(_sorted.Count - 1, _sorted.Count * percent / 100)];

    /// <summary>Median [min-max].</summary>
    public string Spread(string format) => $"{Show(At(50), format)} [{Show(At(0), format)}-{Show(At(100), format)}]";

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
