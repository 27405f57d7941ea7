using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// The links of one connection: one, unless a proxy puts several on it. The connection is closed a while after the last has
/// ended, because the server itself waits for a node that does not read the end. Thread safe.
/// </summary>
internal sealed class LinkConnection
{
    /// <summary>Time in which a node can read why its link has ended, or open another on the same connection.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private int _links;

    private LinkConnection()
    {
    }

    /// <summary>Counts a link until it is disposed of.</summary>
    public static IDisposable Enter(HttpContext http, TimeProvider time)
    {
        var lifetime = http.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        var items = http.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        LinkConnection connection;
        lock (items)
        {
            if (items.TryGetValue(typeof(LinkConnection), out var known))
            {
                connection = (LinkConnection)known!;
            }
            else
            {
                items[typeof(LinkConnection)] = connection = new LinkConnection();
            }
        }

        Interlocked.Increment(ref connection._links);
        return new LinkPlace(() => _ = connection.LeaveAsync(lifetime, time));
    }

    private async Task LeaveAsync(IConnectionLifetimeFeature lifetime, TimeProvider time)
    {
        if (Interlocked.Decrement(ref _links) > 0)
        {
            return;
        }

        await Task.Delay(Linger, time, lifetime.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Volatile.Read(ref _links) == 0)
        {
            lifetime.Abort();
        }
    }
}
