using System.Globalization;

namespace Orleans;

/// <summary>
/// Sets how long a caller of this grain interface method waits before it gets a <see cref="TimeoutException"/>.
/// </summary>
/// <param name="timeout">The time, in the form <see cref="TimeSpan.Parse(string)"/> reads.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The time that a caller waits.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
