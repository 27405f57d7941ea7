using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;

namespace BTTInferGrid.Bench.Routing;

/// <summary>A table that chooses miners, whichever it is.</summary>
internal sealed record Router(string Name, Action<MinerStanding> Update, Func<RouteRequest, Route?> Route, Action<string, long> Release)
{
    /// <summary>The table of the grid.</summary>
    public static Router Index(Random random)
    {
        var table = new RoutingTable(new RoutingOptions(), random);
        return new Router("index", table.Update, request => table.Route(request, out _), table.Release);
    }

    /// <summary>The reference.</summary>
    public static Router Scan(Random random)
    {
        var table = new ScanTable(new RoutingOptions(), random);
        return new Router("scan", table.Update, table.Route, table.Release);
    }
}
