namespace Orleans.Embedded.Edge;

/// <summary>An edge silo that is connected to a gateway.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="ConnectedAt">Since when.</param>
/// <param name="Interfaces">The names of the interfaces whose grains it hosts.</param>
/// <param name="Calls">How many calls it made on this connection.</param>
/// <param name="Refusals">How many of its messages were refused on this connection.</param>
public sealed record EdgeSiloInfo(
    string Identity, DateTimeOffset ConnectedAt, IReadOnlyList<string> Interfaces, long Calls, long Refusals);
