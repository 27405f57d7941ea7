using Microsoft.Extensions.Options;

namespace Orleans.Embedded.Edge;

/// <summary>Lets in the edge silos whose keys the operator named, or any that has its key.</summary>
internal sealed class EdgeKeyAuthenticator(IOptionsMonitor<EdgeKeyOptions> options) : IEdgeAuthenticator
{
    public string Scheme => EdgeKey.Scheme;

    public ValueTask<EdgeAdmission> VerifyAsync(
        EdgeChallenge challenge, ReadOnlyMemory<byte> proof, CancellationToken cancellationToken)
    {
        // First the proof: only who has a key learns whether it is on the list.
        return new ValueTask<EdgeAdmission>(
            !EdgeKey.Verify(challenge, proof.Span) ? EdgeAdmission.Refused("The signature is not of this identity.")
            : !IsListed(challenge.Identity) ? EdgeAdmission.Refused("The operator of the cluster does not list this key.")
            : EdgeAdmission.Accepted);
    }

    private bool IsListed(string identity)
    {
        var current = options.CurrentValue;
        return current.AllowAnyKey || current.AllowedIdentities.Contains(identity);
    }
}
