using Orleans.Embedded.Streaming;

namespace Orleans.Runtime;

/// <summary>Settings of an enumeration that a grain produces.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>
    /// Limits how many items cross at once, and so how far the producer may be ahead of the consumer. Call it on what
    /// the grain interface method returned; other sequences are returned as they are.
    /// </summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="self">What the grain interface method returned.</param>
    /// <param name="maxBatchSize">The number of items, at least 1; 100 if not set.</param>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        if (self is GrainEnumerable<T> stream)
        {
            stream.MaxBatchSize = maxBatchSize;
        }

        return self;
    }
}
