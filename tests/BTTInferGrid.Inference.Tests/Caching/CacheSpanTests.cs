namespace BTTInferGrid.Inference.Tests.Caching;

public class CacheSpanTests
{
    private readonly CacheSpan _root = CacheSpan.CreateRoot();

    [Fact]
    public void UpTo_MiddleOfASequence_LetsBothGrowAlone()
    {
        var first = Grow(_root.Branch(), 10);
        var second = Grow(first.UpTo(6).Branch(), 3);
        Grow(first, 5);

        Assert.Equal((15, 9), (first.End, second.End));
        Assert.Equal(9, first.Release());
        Assert.Equal(9, second.Release());
    }

    [Fact]
    public void UpTo_EndOfASequence_LetsBothGrowAlone()
    {
        var first = Grow(_root.Branch(), 10);
        var second = first.UpTo(10).Branch();
        var third = first.UpTo(10).Branch();
        Grow(first, 2);
        Grow(second, 3);

        Assert.Equal((12, 13, 10), (first.End, second.End, third.End));
        Assert.Equal((3, 2, 10), (second.Release(), first.Release(), third.Release()));
    }

    [Fact]
    public void Pin_SharedBeginning_CountsEveryCellOnce()
    {
        var first = Grow(_root.Branch(), 10);
        var second = Grow(first.UpTo(6).Branch(), 3);

        Assert.Equal(0, first.PinnedCells());
        Assert.Equal(9, second.Pin());
        Assert.Equal(6, first.PinnedCells());
        Assert.Equal(4, first.Pin());
        Assert.Equal(3, second.Unpin());
        Assert.Equal(10, first.Unpin());
    }

    [Fact]
    public void UpTo_PinnedSequence_KeepsBothPartsPinned()
    {
        var first = Grow(_root.Branch(), 10);
        Assert.Equal(10, first.Pin());
        var second = first.UpTo(4).Branch();

        Assert.Equal(4, second.PinnedCells());
        Assert.Equal(0, second.Pin());
        Assert.Equal(6, first.Unpin());
        Assert.Equal(4, second.Unpin());
    }

    [Fact]
    public void Release_RandomTree_CountsWhatASetOfCellsWould()
    {
        // Every sequence as the list of the cells it would have, against the tree's sums.
        var random = new Random(7);
        var living = new List<(CacheSpan Span, List<int> Cells, bool Pinned)>();
        var (cell, used, pinned) = (0, 0, 0);
        for (var round = 0; round < 2000; round++)
        {
            switch (random.Next(3))
            {
                case 0 when living.Count < 30:
                    var shared = 0;
                    List<int> cells = [];
                    var parent = _root;
                    if (living.Count > 0)
                    {
                        var source = living[random.Next(living.Count)];
                        shared = random.Next(source.Cells.Count + 1);
                        cells = source.Cells[..shared];
                        parent = shared == 0 ? _root : source.Span.UpTo(shared);
                    }

                    var span = parent.Branch();
                    var pin = random.Next(2) == 0;
                    pinned += pin ? span.Pin() : 0;
                    living.Add((span, cells, pin));
                    break;
                case 1 when living.Count > 0:
                    var (growing, list, isPinned) = living[random.Next(living.Count)];
                    var count = random.Next(8);
                    Grow(growing, count);
                    used += count;
                    pinned += isPinned ? count : 0;
                    list.AddRange(Enumerable.Range(cell, count));
                    cell += count;
                    break;
                case 2 when living.Count > 20:
                    var index = random.Next(living.Count);
                    pinned -= living[index].Pinned ? living[index].Span.Unpin() : 0;
                    used -= living[index].Span.Release();
                    living.RemoveAt(index);
                    break;
            }

            Assert.Equal(living.SelectMany(s => s.Cells).Distinct().Count(), used);
            Assert.Equal(living.Where(s => s.Pinned).SelectMany(s => s.Cells).Distinct().Count(), pinned);
        }
    }

    private static CacheSpan Grow(CacheSpan span, int cells)
    {
        span.End += cells;
        return span;
    }
}
