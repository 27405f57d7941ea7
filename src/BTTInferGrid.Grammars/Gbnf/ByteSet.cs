namespace BTTInferGrid.Grammars.Gbnf;

/// <summary>A set of bytes, as a terminal of a grammar matches it.</summary>
internal readonly record struct ByteSet(ulong A, ulong B, ulong C, ulong D)
{
    public bool IsEmpty => (A | B | C | D) == 0;

    public static ByteSet Range(int low, int high)
    {
        var set = default(ByteSet);
        for (var value = low; value <= high; value++)
        {
            set = set.With(value);
        }

        return set;
    }

    public bool Contains(byte value)
    {
        var bits = (value >> 6) switch { 0 => A, 1 => B, 2 => C, _ => D };
        return ((bits >> (value & 63)) & 1) != 0;
    }

    public ByteSet With(int value)
    {
        var bit = 1UL << (value & 63);
        return (value >> 6) switch
        {
            0 => this with { A = A | bit },
            1 => this with { B = B | bit },
            2 => this with { C = C | bit },
            _ => this with { D = D | bit },
        };
    }
}
