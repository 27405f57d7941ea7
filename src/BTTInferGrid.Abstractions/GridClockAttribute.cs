using Microsoft.Extensions.DependencyInjection;

namespace BTTInferGrid;

/// <summary>
/// Injects the grid's own clock, by which limits, leases, jobs and probes are measured. The <see cref="TimeProvider"/> without
/// a key belongs to Orleans and the links: a test that moves the grid's clock must not move theirs.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GridClockAttribute() : FromKeyedServicesAttribute(Name)
{
    /// <summary>Key of the clock among the services.</summary>
    public const string Name = "grid";
}
