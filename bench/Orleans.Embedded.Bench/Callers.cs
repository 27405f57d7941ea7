using Orleans.Embedded.Bench.Grains;

namespace Orleans.Embedded.Bench;

/// <summary>Loads that are the same within a silo and between two.</summary>
internal static class Callers
{
    /// <summary>One caller for each grain; each makes so many calls, one after the other.</summary>
    public static Task CallAsync(IEnumerable<IBenchGrain> grains, int calls)
    {
        return Task.WhenAll(grains.Select(grain => Task.Run(() => CallAsync(grain, calls))));
    }

    /// <summary>Calls so many times, one after the other.</summary>
    public static async Task CallAsync(IBenchGrain grain, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await grain.Echo(i);
        }
    }

    /// <summary>Takes all items.</summary>
    public static async Task<int> TakeAsync(IAsyncEnumerable<int> items)
    {
        var last = 0;
        await foreach (var item in items)
        {
            last = item;
        }

        return last;
    }
}
