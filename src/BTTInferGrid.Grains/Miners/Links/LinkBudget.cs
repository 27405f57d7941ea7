using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>A token bucket for one peer. Not thread safe.</summary>
/// <param name="rate">Refill of a second.</param>
/// <param name="burst">What a full bucket holds.</param>
/// <param name="time">The clock.</param>
internal sealed class LinkBudget(double rate, double burst, TimeProvider time)
{
    private double _missing;
    private long _at = time.GetTimestamp();

    /// <summary>Whether nothing is missing.</summary>
    public bool IsFull
    {
        get
        {
            Refill();
            return _missing <= 0;
        }
    }

    /// <summary>Takes one; false if none is left.</summary>
    public bool TryTake() => TryTake(out _);

    /// <summary>Takes one; false if none is left.</summary>
    /// <param name="wait">Time until there is one; 0 if it was taken.</param>
    public bool TryTake(out TimeSpan wait)
    {
        Refill();
        var isLeft = _missing + 1 <= burst;
        wait = isLeft ? TimeSpan.Zero : TimeSpan.FromSeconds((_missing + 1 - burst) / rate);
        _missing += isLeft ? 1 : 0;
        return isLeft;
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _missing = Math.Max(0, _missing - (time.GetElapsedTime(_at, now).TotalSeconds * rate));
        _at = now;
    }
}

/// <summary>
/// Limits how often an identity makes offers, in new sessions or within one: each takes a probe and writes of the miner's
/// record. Knows only identities that have made one lately. Thread safe.
/// </summary>
internal sealed class OfferBudgets(IOptions<LinkOptions> options, TimeProvider time)
{
    private readonly LinkOptions _options = options.Value;
    private readonly Dictionary<string, LinkBudget> _budgets = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Takes one offer of an identity; false if none is left.</summary>
    /// <param name="identity">The identity, proved.</param>
    /// <param name="wait">Time until there is one; 0 if it was taken.</param>
    public bool TryTake(string identity, out TimeSpan wait)
    {
        lock (_lock)
        {
            if (!_budgets.TryGetValue(identity, out var budget))
            {
                if (_budgets.Count >= _options.MaxOfferingIdentities)
                {
                    wait = _options.OfferPeriod;
                    return false;
                }

                budget = new LinkBudget(1 / _options.OfferPeriod.TotalSeconds, _options.OfferBurst, time);
                _budgets.Add(identity, budget);
            }

            return budget.TryTake(out wait);
        }
    }

    /// <summary>Forgets the identities that have all their offers again.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            foreach (var (identity, budget) in _budgets)
            {
                if (budget.IsFull)
                {
                    _budgets.Remove(identity);
                }
            }
        }
    }
}
