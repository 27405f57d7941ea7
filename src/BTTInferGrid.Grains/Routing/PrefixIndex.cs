using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>
/// Which miner served a prompt's beginning last, and so should have it in its cache. Remembers at most about as many
/// beginnings as its capacity: when the young generation is full it becomes the old one, and the old one is forgotten; what
/// is used again is young again.
/// </summary>
internal sealed class PrefixIndex<TMiner>(int capacity)
    where TMiner : class
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Dictionary<ulong, TMiner> _young = [];
    private Dictionary<ulong, TMiner> _old = [];

    /// <summary>The miner that served the longest known beginning.</summary>
    /// <param name="prefixes">The prompt's beginnings, the shortest first.</param>
    /// <param name="miner">The miner; null if no beginning is known.</param>
    /// <returns>Tokens of the beginning; 0 if none is known.</returns>
    public int Find(ReadOnlySpan<ulong> prefixes, out TMiner? miner)
    {
        for (var i = prefixes.Length - 1; i >= 0; i--)
        {
            if (_young.TryGetValue(prefixes[i], out miner) || _old.TryGetValue(prefixes[i], out miner))
            {
                return (i + 1) * PromptPrefixes.BlockTokens;
            }
        }

        miner = null;
        return 0;
    }

    /// <summary>Notes that the miner serves a prompt with these beginnings now.</summary>
    public void Add(ReadOnlySpan<ulong> prefixes, TMiner miner)
    {
        foreach (var prefix in prefixes)
        {
            _young[prefix] = miner;
        }

        if (_young.Count >= _half)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }
    }
}
