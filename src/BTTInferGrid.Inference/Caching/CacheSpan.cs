namespace BTTInferGrid.Inference;

/// <summary>
/// A stretch of consecutive cache cells that the same sequences share. Spans form a tree: a sequence is the path from
/// the root to its own last span, and sequences with a common beginning have the spans of it in common. The tree knows
/// what llama.cpp does not tell: which cells a sequence would free, and how many are in use.
/// </summary>
/// <remarks>
/// Invariant: a span is referred to by the sequence that ends in it or by the spans that continue it, not by both; so
/// the sequence can grow its last span without growing anybody else's.
/// </remarks>
internal sealed class CacheSpan
{
    private CacheSpan? _parent;

    // Sequences and spans that refer to this one, and how many of them are pinned.
    private int _users;
    private int _pins;

    private CacheSpan(CacheSpan? parent, int start)
    {
        _parent = parent;
        Start = End = start;
    }

    /// <summary>Position of the first cell.</summary>
    public int Start { get; private set; }

    /// <summary>Position after the last cell.</summary>
    public int End { get; set; }

    /// <summary>The empty beginning of all sequences.</summary>
    public static CacheSpan CreateRoot() => new(null, 0);

    /// <summary>A span of no cells yet that continues this one, for one sequence.</summary>
    public CacheSpan Branch()
    {
        _users++;
        return new CacheSpan(this, End) { _users = 1 };
    }

    /// <summary>
    /// The span on the way to this one that ends at a position, cut off from what follows it if need be. It can be
    /// branched from.
    /// </summary>
    /// <param name="position">0 to <see cref="End"/>.</param>
    public CacheSpan UpTo(int position)
    {
        var span = this;
        while (span._parent is not null && span.Start >= position)
        {
            span = span._parent;
        }

        return span._parent is null || (span != this && span.End == position) ? span : span.CutAt(position);
    }

    /// <summary>Gives the sequence's reference up; the number of cells that nobody refers to any more.</summary>
    public int Release()
    {
        var freed = 0;
        for (var span = this; span is not null && --span._users == 0; span = span._parent)
        {
            freed += span.End - span.Start;
        }

        return freed;
    }

    /// <summary>Pins the cells of the sequence; the number of those that were not pinned before.</summary>
    public int Pin()
    {
        var pinned = 0;
        for (var span = this; span is not null && span._pins++ == 0; span = span._parent)
        {
            pinned += span.End - span.Start;
        }

        return pinned;
    }

    /// <summary>Undoes one <see cref="Pin"/>; the number of cells that are not pinned any more.</summary>
    public int Unpin()
    {
        var unpinned = 0;
        for (var span = this; span is not null && --span._pins == 0; span = span._parent)
        {
            unpinned += span.End - span.Start;
        }

        return unpinned;
    }

    /// <summary>How many cells from the beginning of the sequence are pinned.</summary>
    public int PinnedCells()
    {
        var span = this;
        while (span._pins == 0 && span._parent is not null)
        {
            span = span._parent;
        }

        return span.End;
    }

    private CacheSpan CutAt(int position)
    {
        var front = new CacheSpan(_parent, Start) { End = position, _users = 1, _pins = Math.Min(1, _pins) };
        _parent = front;
        Start = position;
        return front;
    }
}
