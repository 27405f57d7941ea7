using Orleans.Concurrency;

namespace Orleans.Embedded.Tests.Grains;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    Task Reset();

    ValueTask<int> Get();

    ValueTask Touch();

    [OneWay]
    Task Notify(string? text);

    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<string> Wait(string? name, CancellationToken cancellationToken);

    IAsyncEnumerable<int> Count(int upTo, CancellationToken cancellationToken = default);
}
