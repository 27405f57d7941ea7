namespace Orleans.Embedded.Bench.Grains;

/// <summary>A grain that does as little as a grain can.</summary>
public interface IBenchGrain : IGrainWithIntegerKey
{
    /// <summary>Returns the argument.</summary>
    Task<int> Echo(int value);

    /// <summary>Returns the argument.</summary>
    ValueTask<int> EchoValue(int value);

    /// <summary>Calls <see cref="Echo"/> of another grain so many times, one call after the other.</summary>
    Task CallOther(long key, int count);

    /// <summary>So many numbers, without waiting between them.</summary>
    IAsyncEnumerable<int> Count(int count);

    /// <summary>So many numbers; the producer gives its thread away before each.</summary>
    IAsyncEnumerable<int> CountYielding(int count);

    /// <summary>The process that the grain lives in.</summary>
    Task<int> Process();
}
