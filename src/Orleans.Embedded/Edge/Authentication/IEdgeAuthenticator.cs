namespace Orleans.Embedded.Edge;

/// <summary>
/// Decides, for a gateway, who an edge silo is. Several may be registered; an edge silo names the scheme it proves itself
/// by. The implementation is called by many connections at once.
/// </summary>
public interface IEdgeAuthenticator
{
    /// <summary>The name of the way of proving, as the <see cref="IEdgeCredential"/> of the edge silo has it.</summary>
    string Scheme { get; }

    /// <summary>
    /// Checks a proof. The gateway itself sees to it that the challenge is the one it sent on this connection, that it is
    /// answered once and that it has not expired.
    /// </summary>
    /// <param name="challenge">What the edge silo was to prove.</param>
    /// <param name="proof">What it sent, at most <see cref="EdgeChallenge.MaxProofBytes"/> bytes that nobody vouches for.</param>
    /// <param name="cancellationToken">Cancelled when the time for the handshake runs out.</param>
    /// <returns>
    /// Who it is, or why it is not let in. The identity accepted must be <see cref="EdgeChallenge.Identity"/>.
    /// </returns>
    ValueTask<EdgeAdmission> VerifyAsync(
        EdgeChallenge challenge, ReadOnlyMemory<byte> proof, CancellationToken cancellationToken);
}
