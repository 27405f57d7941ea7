using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Placing;

/// <summary>
/// Which miner served a prompt's beginning last, and so should have it in its cache. Remembers about as many beginnings
/// as it is told to: when the young generation is full it becomes the old one, and the old one is forgotten; what is used
/// again is young again.
/// </summary>
internal sealed class PrefixIndex(int capacity)
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Dictionary<ulong, int> _young = [];
    private Dictionary<ulong, int> _old = [];

    /// <summary>
    /// The miner that served the longest known beginning, and the tokens of it; -1 and 0 if none is known.
    /// </summary>
    public (int Row, int Tokens) Find(ReadOnlySpan<ulong> prefixes)
    {
        for (var i = prefixes.Length - 1; i >= 0; i--)
        {
            if (_young.TryGetValue(prefixes[i], out var row) || _old.TryGetValue(prefixes[i], out row))
            {
                return (row, (i + 1) * PromptPrefixes.BlockTokens);
            }
        }

        return (-1, 0);
    }

    /// <summary>The miner serves a prompt with these beginnings now.</summary>
    public void Served(ReadOnlySpan<ulong> prefixes, int row)
    {
        foreach (var prefix in prefixes)
        {
            _young[prefix] = row;
        }

        if (_young.Count >= _half)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }
    }

    /// <summary>Forgets everything: the numbers of the miners have changed their meaning.</summary>
    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
