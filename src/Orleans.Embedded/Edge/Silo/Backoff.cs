using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Edge;

/// <summary>
/// How long an edge silo waits before it connects again: longer each time, and half of it random, so that the edge silos of
/// a gateway that died do not all come back at once.
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private int _failures;

    /// <summary>A connection stood.</summary>
    public void Reset()
    {
        _failures = 0;
    }

    public TimeSpan Next(CloseCode code)
    {
        var pause = code switch
        {
            // A gateway that stops says so: the next one is tried at once, and after that with pauses.
            CloseCode.Stopping when _failures == 0 => TimeSpan.Zero,

            // Trying again soon changes nothing, and a process with the same identity would be pushed out again and again.
            CloseCode.Replaced or CloseCode.NotAuthenticated or CloseCode.NotAdmitted or CloseCode.WrongCluster
                or CloseCode.VersionMismatch or CloseCode.Misbehaved => max,
            _ => min * Math.Min(Math.Pow(2, _failures), max / min),
        };
        _failures++;
        return pause * (0.5 + (random.NextDouble() / 2));
    }
}
