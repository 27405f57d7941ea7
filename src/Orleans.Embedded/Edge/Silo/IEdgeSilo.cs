namespace Orleans.Embedded.Edge;

/// <summary>The edge silo of this host.</summary>
public interface IEdgeSilo
{
    /// <summary>Who it is.</summary>
    string Identity { get; }

    /// <summary>Whether a gateway has admitted it. While none has, calls fail with <c>SiloUnavailableException</c>.</summary>
    bool IsConnected { get; }

    /// <summary>Completes when a gateway has admitted it, at once if one has.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WaitUntilConnectedAsync(CancellationToken cancellationToken = default);
}
