namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>A token bucket for one peer. Not thread safe.</summary>
/// <param name="rate">Refill of a second.</param>
/// <param name="burst">What a full bucket holds.</param>
/// <param name="time">The clock.</param>
internal sealed class LinkBudget(double rate, double burst, TimeProvider time)
{
    private double _missing;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one; false if none is left.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _missing = Math.Max(0, _missing - (time.GetElapsedTime(_at, now).TotalSeconds * rate));
        _at = now;
        if (_missing + 1 > burst)
        {
            return false;
        }

        _missing++;
        return true;
    }
}
