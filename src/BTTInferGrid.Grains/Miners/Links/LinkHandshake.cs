using System.Net;
using System.Security.Cryptography;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>The grid does not let a node in.</summary>
internal sealed class LinkRefusedException(Reason reason, string message, TimeSpan retryAfter = default) : Exception(message)
{
    /// <summary>Why.</summary>
    public Reason Reason => reason;

    /// <summary>How long the node should wait.</summary>
    public TimeSpan RetryAfter => retryAfter;
}

/// <summary>Hello, Challenge, Proof: finds out who a node is.</summary>
internal sealed class LinkHandshake(
    IEnumerable<INodeProofVerifier> verifiers, IOptions<LinkOptions> options, TimeProvider time)
{
    /// <summary>How long a node stays away that would be turned away again.</summary>
    public static readonly TimeSpan LongPause = TimeSpan.FromSeconds(30);

    private const int MaxSoftwareLength = 64;
    private readonly Dictionary<string, INodeProofVerifier> _verifiers =
        verifiers.ToDictionary(static verifier => verifier.Scheme, StringComparer.Ordinal);

    /// <summary>Returns the identity that the node has proved.</summary>
    /// <param name="from">The node's messages.</param>
    /// <param name="to">Messages to the node.</param>
    /// <param name="local">Address at which the connection came in; null if unknown.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <exception cref="LinkRefusedException">The node is not let in.</exception>
    public async Task<string> RunAsync(
        IAsyncStreamReader<FromNode> from, IServerStreamWriter<ToNode> to, IPAddress? local, CancellationToken cancellationToken)
    {
        var hello = await NextAsync(from, FromNode.KindOneofCase.Hello, cancellationToken);
        Check(hello.Hello, local);
        var nonce = RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes);
        var expires = (time.GetUtcNow() + options.Value.HandshakeTimeout).ToUnixTimeSeconds();
        var challenge = new LinkChallenge(
            options.Value.Grid, hello.Hello.Audience, hello.Hello.Role, hello.Hello.Nonce.Memory, nonce, expires);
        await to.WriteAsync(
            new ToNode
            {
                Challenge = new Challenge { Grid = challenge.Grid, Nonce = Google.Protobuf.ByteString.CopyFrom(nonce), Expires = expires },
            },
            cancellationToken);

        var proof = (await NextAsync(from, FromNode.KindOneofCase.Proof, cancellationToken)).Proof;
        if (time.GetUtcNow().ToUnixTimeSeconds() > expires)
        {
            throw new LinkRefusedException(Reason.NotAuthenticated, "The proof came too late.");
        }

        var identity = _verifiers.TryGetValue(proof.Scheme, out var verifier)
            ? verifier.Verify(challenge, new NodeProof(proof.Scheme, proof.PublicKey.Memory, proof.Signature.Memory))
            : null;
        if (!NodeIdentity.IsValid(identity))
        {
            throw new LinkRefusedException(
                Reason.NotAuthenticated,
                $"The proof does not hold, or its scheme is none of: {string.Join(", ", _verifiers.Keys)}.", LongPause);
        }

        // Only the owner of a key learns whether it is on the list.
        if (options.Value.AllowedIdentities.Count > 0 && !options.Value.AllowedIdentities.Contains(identity!))
        {
            throw new LinkRefusedException(Reason.NotAdmitted, "The operator of the grid does not list this identity.", LongPause);
        }

        return identity!;
    }

    private void Check(Hello hello, IPAddress? local)
    {
        if (hello.Version < LinkProtocol.MinVersion)
        {
            throw new LinkRefusedException(
                Reason.Outdated, $"This grid needs version {LinkProtocol.MinVersion} of the link protocol. Update the node's software.", LongPause);
        }

        if (hello.Nonce.Length != LinkProtocol.NonceBytes || hello.Software.Length > MaxSoftwareLength)
        {
            throw new LinkRefusedException(Reason.BrokenProtocol, "The Hello is malformed.", LongPause);
        }

        if (hello.Role != LinkProtocol.MinerRole)
        {
            throw new LinkRefusedException(Reason.NotAdmitted, $"This grid has no role of that name; use '{LinkProtocol.MinerRole}'.", LongPause);
        }

        if (!LinkChallenge.IsName(hello.Audience) || !IsAudience(hello.Audience, local))
        {
            throw new LinkRefusedException(
                Reason.NotAuthenticated,
                "The node dialled a name that this front does not know as its own. The operator adds it to front.hosts.", LongPause);
        }
    }

    private bool IsAudience(string audience, IPAddress? local)
    {
        if (options.Value.Hosts.Contains(audience))
        {
            return true;
        }

        if (local is null)
        {
            return false;
        }

        // A node of this machine may dial the loopback address, whatever the front is called elsewhere.
        var address = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        var isName = IPAddress.TryParse(audience.Trim('[', ']'), out var named)
            ? named.Equals(address)
            : audience == "localhost" && IPAddress.IsLoopback(address);
        return isName && (options.Value.Hosts.Count == 0 || IPAddress.IsLoopback(address));
    }

    private static async Task<FromNode> NextAsync(
        IAsyncStreamReader<FromNode> from, FromNode.KindOneofCase expected, CancellationToken cancellationToken)
    {
        if (!await from.MoveNext(cancellationToken))
        {
            throw new LinkRefusedException(Reason.BrokenProtocol, $"The stream ended before {expected}.");
        }

        return from.Current.KindCase == expected
            ? from.Current
            : throw new LinkRefusedException(Reason.BrokenProtocol, $"{expected} was expected.", LongPause);
    }
}
