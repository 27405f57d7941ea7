using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference;

/// <summary>
/// Who has which cells of llama.cpp's cache. Sequences that begin alike share the cells of what they have in common,
/// and what ended requests computed is kept, as long as there is room, for later ones of the same tenant. Belongs to
/// the decode thread; the counts may be read by others.
/// </summary>
/// <param name="context">The cache.</param>
/// <param name="mostSequences">Sequences there can be.</param>
/// <param name="retainedUpTo">Cells in use, in all, up to which those of ended requests are kept.</param>
/// <param name="capacity">Cells there are.</param>
internal sealed class SequenceCache(EngineContext context, int mostSequences, int retainedUpTo, int capacity)
{
    // All in all at most a few hundred, so that looking through them is cheap beside a step.
    private readonly List<CachedSequence> _sequences = new(mostSequences);
    private readonly Stack<int> _freeIds = new(Enumerable.Range(0, mostSequences).Reverse());
    private readonly CacheSpan _root = CacheSpan.CreateRoot();
    private long _clock;
    private int _used;
    private int _pinned;

    public int Capacity => capacity;

    /// <summary>Cells of running requests, those they share counted once.</summary>
    public int Running => Volatile.Read(ref _pinned);

    /// <summary>Cells that only ended requests hold.</summary>
    public int Retained => Math.Max(0, Volatile.Read(ref _used) - Running);

    /// <summary>
    /// Cells that running requests can have beyond those they hold: the free ones and the retained ones.
    /// </summary>
    public int Available => capacity - _pinned;

    /// <summary>Cells that a request with these tokens would add to those of running requests.</summary>
    public int CellsNeeded(string tenant, ReadOnlySpan<int> tokens)
    {
        var source = LongestMatch(tenant, tokens, out var shared);
        return source is null ? tokens.Length : tokens.Length - Math.Min(shared, source.Span.PinnedCells());
    }

    /// <summary>
    /// Starts a sequence, with as many tokens already in the cache as another of the same tenant has in common with it,
    /// though never all of them: the last one's logits have to be computed.
    /// </summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="tokens">Its tokens, to which more may be added.</param>
    public CachedSequence Open(string tenant, List<int> tokens)
    {
        if (_freeIds.Count == 0)
        {
            EvictOldest();
        }

        var source = LongestMatch(tenant, CollectionsMarshal.AsSpan(tokens), out var shared);
        var sequence = new CachedSequence(
            _freeIds.Pop(), tenant, tokens, (source?.Span.UpTo(shared) ?? _root).Branch())
        {
            IsRunning = true,
        };
        if (source is not null)
        {
            source.LastUse = ++_clock;
            context.Share(source.Id, sequence.Id, shared);
        }

        _pinned += sequence.Span.Pin();
        _sequences.Add(sequence);
        return sequence;
    }

    /// <summary>Makes room for more cells by evicting what ended requests left, the longest unused first.</summary>
    /// <param name="cells">Cells that are needed now.</param>
    /// <param name="soon">
    /// Cells that running requests are known to need, these included. What would give way while prompts are read gives
    /// way before: its cells are scattered, and attention would pass over them in each of those steps.
    /// </param>
    public void MakeRoom(int cells, int soon)
    {
        Shrink(soon);
        while (capacity - _used < cells && EvictOldest())
        {
        }
    }

    /// <summary>The next tokens of a running request have been computed.</summary>
    public void Extend(CachedSequence sequence, int cells)
    {
        sequence.Span.End += cells;
        _used += cells;
        _pinned += cells;
    }

    /// <summary>A request has ended: keeps what it computed, unless another sequence has that too.</summary>
    public void Retain(CachedSequence sequence)
    {
        if (retainedUpTo == 0 || sequence.Length == 0 || _sequences.Exists(other => Covers(other, sequence)))
        {
            Drop(sequence);
            return;
        }

        foreach (var covered in _sequences.FindAll(other => !other.IsRunning && Covers(sequence, other)))
        {
            Drop(covered);
        }

        _pinned -= sequence.Span.Unpin();
        sequence.IsRunning = false;
        sequence.LastUse = ++_clock;

        // What nobody passes over costs nothing, so a conversation alone is kept however long it is.
        if (_pinned > 0)
        {
            Shrink(0);
        }
    }

    /// <summary>Forgets a sequence and frees the cells that it shares with no other.</summary>
    public void Drop(CachedSequence sequence)
    {
        if (sequence.IsRunning)
        {
            _pinned -= sequence.Span.Unpin();
        }

        _used -= sequence.Span.Release();
        context.Remove(sequence.Id);
        _sequences.Remove(sequence);
        _freeIds.Push(sequence.Id);
    }

    /// <summary>
    /// Keeps attention from passing over too many cells: when more would be in use than ended requests may have a part in,
    /// these give way until half of that is left. Much at a time, because what is freed here and there is filled here and
    /// there, and a prompt whose cells are scattered costs more.
    /// </summary>
    private void Shrink(int cells)
    {
        if (_used + cells <= retainedUpTo)
        {
            return;
        }

        while (_used + cells > retainedUpTo / 2 && EvictOldest())
        {
        }
    }

    private bool EvictOldest()
    {
        CachedSequence? oldest = null;
        foreach (var sequence in _sequences)
        {
            if (!sequence.IsRunning && (oldest is null || sequence.LastUse < oldest.LastUse))
            {
                oldest = sequence;
            }
        }

        if (oldest is null)
        {
            return false;
        }

        Drop(oldest);
        return true;
    }

    private CachedSequence? LongestMatch(string tenant, ReadOnlySpan<int> tokens, out int shared)
    {
        CachedSequence? longest = null;
        shared = 0;
        var most = retainedUpTo == 0 ? 0 : tokens.Length - 1;
        foreach (var sequence in _sequences)
        {
            var cached = sequence.Tokens;

            // Only one that goes on where the longest so far ends can be longer, so nearly all cost one comparison.
            if (shared < most && cached.Length > shared && cached[shared] == tokens[shared]
                && string.Equals(sequence.Tenant, tenant, StringComparison.Ordinal)
                && Math.Min(most, cached.CommonPrefixLength(tokens)) is var common && common > shared)
            {
                (longest, shared) = (sequence, common);
            }
        }

        shared = context.CellsWorthSharing(shared, tokens.Length);
        return longest;
    }

    private static bool Covers(CachedSequence whole, CachedSequence part) =>
        whole != part
        && string.Equals(whole.Tenant, part.Tenant, StringComparison.Ordinal)
        && whole.Tokens.StartsWith(part.Tokens);
}
