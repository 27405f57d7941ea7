using System.Security.Cryptography;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BTTInferGrid.Node.Links;

/// <summary>Proves to a grid who the node is. The grid is a stranger: what it sends is checked before it is signed.</summary>
internal sealed class LinkHandshake(INodeCredential credential, string audience, TimeProvider time)
{
    // How much the clocks of a node and a grid may differ, and how long a challenge may live.
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromHours(1);

    private static readonly string Software =
        $"BTTInferGrid/{typeof(LinkHandshake).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Exchanges the messages up to the grid's welcome.</summary>
    /// <returns>Id of the grid.</returns>
    /// <exception cref="SessionEndException">The grid ended the session, or sent what it must not.</exception>
    /// <exception cref="RpcException">The stream broke.</exception>
    public async Task<string> RunAsync(
        IClientStreamWriter<FromNode> to, IAsyncStreamReader<ToNode> from, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes);
        await WriteAsync(to, new FromNode
        {
            Hello = new Hello
            {
                Version = LinkProtocol.Version,
                Role = LinkProtocol.MinerRole,
                Audience = audience,
                Nonce = ByteString.CopyFrom(nonce),
                Software = Software,
            },
        }, cancellationToken);
        var challenge = (await ReadAsync(from, ToNode.KindOneofCase.Challenge, cancellationToken)).Challenge;
        var proof = credential.Prove(Checked(challenge, nonce));
        await WriteAsync(to, new FromNode
        {
            Proof = new Proof
            {
                Scheme = proof.Scheme,
                PublicKey = ByteString.CopyFrom(proof.PublicKey.Span),
                Signature = ByteString.CopyFrom(proof.Signature.Span),
            },
        }, cancellationToken);
        var welcome = (await ReadAsync(from, ToNode.KindOneofCase.Welcome, cancellationToken)).Welcome;
        return welcome.Identity == credential.Identity
            ? challenge.Grid
            : throw Ended("the grid takes the node for another one");
    }

    private LinkChallenge Checked(Challenge challenge, byte[] nonce)
    {
        if (challenge.Nonce.Length != LinkProtocol.NonceBytes)
        {
            throw Ended($"the grid's nonce has {challenge.Nonce.Length} bytes instead of {LinkProtocol.NonceBytes}");
        }

        if (!LinkChallenge.IsName(challenge.Grid))
        {
            throw Ended("the grid's id is not a name");
        }

        var now = time.GetUtcNow();
        if (challenge.Expires < (now - MaxClockDifference).ToUnixTimeSeconds()
            || challenge.Expires > (now + MaxClockDifference).ToUnixTimeSeconds())
        {
            throw Ended("the grid's challenge expires more than an hour from now; check the clock of this machine");
        }

        return new LinkChallenge(
            challenge.Grid, audience, LinkProtocol.MinerRole, nonce, challenge.Nonce.ToByteArray(), challenge.Expires);
    }

    private static async Task<ToNode> ReadAsync(
        IAsyncStreamReader<ToNode> from, ToNode.KindOneofCase expected, CancellationToken cancellationToken)
    {
        while (await from.MoveNext(cancellationToken))
        {
            var message = from.Current;
            if (message.KindCase == expected)
            {
                return message;
            }

            switch (message.KindCase)
            {
                case ToNode.KindOneofCase.Goodbye:
                    throw new SessionEndException(SessionEnd.Of(message.Goodbye));
                case ToNode.KindOneofCase.None:
                    // Of a later version of the protocol.
                    break;
                default:
                    throw Ended($"the grid sent {message.KindCase} in place of {expected}");
            }
        }

        throw Ended("the grid ended the stream before its welcome");
    }

    /// <summary>Sends a message. If the stream has ended, the next read finds out, and what the grid said at last.</summary>
    private static async Task WriteAsync(
        IClientStreamWriter<FromNode> to, FromNode message, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(message, cancellationToken);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException or OperationCanceledException)
        {
        }
    }

    private static SessionEndException Ended(string reason) => new(SessionEnd.Lost(reason));
}
