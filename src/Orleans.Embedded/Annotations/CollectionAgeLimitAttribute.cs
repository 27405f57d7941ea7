using System.Globalization;

namespace Orleans;

/// <summary>
/// How long an activation of the grain class is idle before it ends: the sum of <see cref="Days"/>, <see cref="Hours"/>
/// and <see cref="Minutes"/>, or what the constructor was given; at least one minute.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _period;

    /// <summary>Makes a limit whose parts are set as properties.</summary>
    public CollectionAgeLimitAttribute()
    {
    }

    /// <summary>Makes a limit.</summary>
    /// <param name="inactivityPeriod">
    /// The time as <see cref="TimeSpan.Parse(string, IFormatProvider)"/> reads it, such as "00:05:00".
    /// </param>
    public CollectionAgeLimitAttribute(string inactivityPeriod)
    {
        _period = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether activations never end for being idle.</summary>
    public bool AlwaysActive { get; set; }

    /// <summary>Days to add.</summary>
    public double Days { get; set; }

    /// <summary>Hours to add.</summary>
    public double Hours { get; set; }

    /// <summary>Minutes to add.</summary>
    public double Minutes { get; set; }

    /// <summary>The whole limit.</summary>
    internal TimeSpan Limit
    {
        get
        {
            var sum = _period + TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
            return sum < Least ? Least : sum;
        }
    }
}
