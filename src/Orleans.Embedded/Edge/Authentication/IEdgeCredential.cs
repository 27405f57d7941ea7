namespace Orleans.Embedded.Edge;

/// <summary>Who an edge silo is, and how it proves that to a gateway.</summary>
public interface IEdgeCredential
{
    /// <summary>The name of the way of proving, as the <see cref="IEdgeAuthenticator"/> of the gateway has it.</summary>
    string Scheme { get; }

    /// <summary>
    /// The identity, which is the key of the grains that the edge silo hosts: 1 to 128 letters, digits and <c>. _ : -</c>
    /// of ASCII.
    /// </summary>
    string Identity { get; }

    /// <summary>Proves the identity. The challenge names the cluster that the edge silo is configured for.</summary>
    /// <param name="challenge">What to prove.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <returns>The proof, at most <see cref="EdgeChallenge.MaxProofBytes"/> bytes.</returns>
    ValueTask<byte[]> ProveAsync(EdgeChallenge challenge, CancellationToken cancellationToken);
}
