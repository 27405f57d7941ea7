namespace BTTInferGrid.Grammars;

/// <summary>
/// Follows a text, byte by byte, through a grammar (J. Earley, "An Efficient Context-Free Parsing Algorithm", CACM
/// 1970, with the treatment of empty rules by Aycock and Horspool, 2002). Memory is bounded, and so is the work between
/// two calls of <see cref="Allow"/>. One caller at a time.
/// </summary>
/// <remarks>
/// Each byte adds a set of items; an item is a state of the grammar and the number of the set in which its production
/// began. The sets are kept, so bytes can be tried and taken back.
/// </remarks>
public sealed class GrammarMatcher
{
    /// <summary>Maximum number of items in one set.</summary>
    internal const int MaxSetItems = 4096;

    /// <summary>Maximum number of items in all sets together, 8 bytes each.</summary>
    internal const int MaxItems = 1 << 20;

    private readonly Grammar _grammar;
    private readonly List<int> _setStarts = [0];
    private long[] _items = new long[64];
    private int _count;
    private long _steps;
    private long _maxSteps = long.MaxValue;

    /// <summary>Starts at the beginning of a text, without a limit on steps.</summary>
    /// <exception cref="GrammarCostException">The first set exceeds the limit on items.</exception>
    public GrammarMatcher(Grammar grammar)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        _grammar = grammar;
        Add(grammar.Start, 0);
        Close(0);
    }

    /// <summary>Number of bytes followed.</summary>
    public int Length => _setStarts.Count - 1;

    /// <summary>Whether the text may end here.</summary>
    public bool CanEnd => Items(Length).Contains(Item(_grammar.End, 0));

    /// <summary>Allows a number of steps from here on; each step looks at one item.</summary>
    public void Allow(long steps) => (_steps, _maxSteps) = (0, steps);

    /// <summary>Follows one more byte.</summary>
    /// <returns>False, with nothing changed, when no text of the grammar continues with this byte.</returns>
    /// <exception cref="GrammarCostException">The limit on items or steps is exceeded; the matcher is unusable.</exception>
    public bool Advance(byte value)
    {
        var set = Length;
        var end = _count;
        for (var i = _setStarts[set]; i < end; i++)
        {
            Spend(1);
            var state = State(_items[i]);
            if (_grammar.IsTerminal(state) && _grammar.Matches(state, value))
            {
                if (_count == end)
                {
                    _setStarts.Add(end);
                }

                Add(state + 1, Origin(_items[i]));
            }
        }

        if (_count == end)
        {
            return false;
        }

        Close(set + 1);
        return true;
    }

    /// <summary>Takes back the bytes after the first <paramref name="length"/>.</summary>
    public void Rewind(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length < Length)
        {
            _count = _setStarts[length + 1];
            _setStarts.RemoveRange(length + 1, _setStarts.Count - length - 1);
        }
    }

    /// <summary>Adds the items that follow from those of a set, until there are no new ones.</summary>
    private void Close(int set)
    {
        for (var i = _setStarts[set]; i < _count; i++)
        {
            Spend(1);
            var state = State(_items[i]);
            var origin = Origin(_items[i]);
            if (_grammar.IsTerminal(state))
            {
                continue;
            }

            var rule = _grammar.Rule(state);
            if (_grammar.IsRule(state))
            {
                foreach (var start in _grammar.Starts(rule))
                {
                    Add(start, set);
                }

                if (_grammar.IsNullable(rule))
                {
                    Add(state + 1, origin);
                }
            }
            else
            {
                Complete(rule, origin);
            }
        }
    }

    /// <summary>Advances every item of a set that expected the rule which began there and has now matched.</summary>
    private void Complete(int rule, int origin)
    {
        var end = origin < Length ? _setStarts[origin + 1] : _count;
        Spend(end - _setStarts[origin]);
        for (var i = _setStarts[origin]; i < end; i++)
        {
            if (_grammar.Expects(State(_items[i]), rule))
            {
                Add(State(_items[i]) + 1, Origin(_items[i]));
            }
        }
    }

    private void Add(int state, int origin)
    {
        var start = _setStarts[^1];
        var item = Item(state, origin);
        Spend(1 + ((_count - start) / 8));
        if (_items.AsSpan(start, _count - start).Contains(item))
        {
            return;
        }

        if (_count - start == MaxSetItems || _count == MaxItems)
        {
            throw new GrammarCostException(
                $"The grammar needs more than {MaxSetItems} items after one byte, or {MaxItems} in all; "
                + "make it less ambiguous, or ask for less output.");
        }

        if (_count == _items.Length)
        {
            Array.Resize(ref _items, 2 * _items.Length);
        }

        _items[_count++] = item;
    }

    private void Spend(int steps)
    {
        _steps += steps;
        if (_steps > _maxSteps)
        {
            throw new GrammarCostException("The grammar takes too long to follow; make it less ambiguous.");
        }
    }

    private ReadOnlySpan<long> Items(int set) =>
        _items.AsSpan(_setStarts[set], (set < Length ? _setStarts[set + 1] : _count) - _setStarts[set]);

    private static long Item(int state, int origin) => ((long)state << 32) | (uint)origin;

    private static int State(long item) => (int)(item >> 32);

    private static int Origin(long item) => (int)item;
}
