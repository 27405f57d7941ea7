namespace Orleans.Embedded.Edge;

/// <summary>The random numbers of an edge silo; a seed makes them repeatable.</summary>
internal sealed record EdgeRandom(Random Value);
