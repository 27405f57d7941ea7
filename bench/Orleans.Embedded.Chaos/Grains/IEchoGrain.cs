using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Chaos.Grains;

/// <summary>The grain of an edge silo: says what it is told, and counts.</summary>
[EdgeHosted]
[Alias("chaos.IEchoGrain")]
public interface IEchoGrain : IGrainWithStringKey
{
    /// <summary>Returns the number.</summary>
    [Alias("Echo")]
    Task<long> Echo(long number);

    /// <summary>The numbers from 0.</summary>
    [Alias("Count")]
    IAsyncEnumerable<int> Count(int to);
}
