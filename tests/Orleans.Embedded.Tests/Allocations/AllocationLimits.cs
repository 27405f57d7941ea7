using System.Globalization;

namespace Orleans.Embedded.Tests.Allocations;

/// <summary>What <c>allocations.txt</c> allows in this configuration of the build.</summary>
internal static class AllocationLimits
{
    private const double Tolerance = 1.03;
#if DEBUG
    private const int Column = 1;
#else
    private const int Column = 2;
#endif

    private static readonly Dictionary<string, int> Pinned = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Allocations", "allocations.txt"))
        .Where(static line => !line.StartsWith('#'))
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(static row => row[0], static row => int.Parse(row[Column], CultureInfo.InvariantCulture));

    public static double Of(string operation)
    {
        return Pinned[operation] * Tolerance;
    }
}
