using System.Security.Cryptography;
using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>Proves the identity of its key, unless the test says what to do instead.</summary>
internal sealed class TestCredential(ECDsa key, string scheme = EdgeKey.Scheme) : IEdgeCredential
{
    public string Scheme => scheme;

    public string Identity { get; init; } = EdgeKey.IdentityOf(key.ExportSubjectPublicKeyInfo());

    /// <summary>What is proved instead of the challenge.</summary>
    public Func<EdgeChallenge, EdgeChallenge> Proves { get; init; } = static challenge => challenge;

    public ValueTask<byte[]> ProveAsync(EdgeChallenge challenge, CancellationToken cancellationToken)
    {
        return new ValueTask<byte[]>(EdgeKey.Prove(key, Proves(challenge)));
    }
}
