namespace Orleans.Embedded.Edge;

/// <summary>Opens the bytes both ways between an edge silo and a gateway.</summary>
internal interface IEdgeCarrier
{
    ValueTask<IEdgeLine> OpenAsync(Uri gateway, CancellationToken cancellationToken);
}
